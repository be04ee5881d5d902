import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "../../support/postgres/nodes.ts";
import { call, startServer } from "../../support/server/process.ts";
import { engineDatabase } from "../../support/server/server.ts";

const secretGuest = { OriginalSender: "Zebediah Q. Secretive", Subject: "A very private matter" };

/** What PostgreSQL says of each of these quotes the row or a value of it, in its message or beside it. */
const obstacles: Readonly<Record<string, string>> = {
  "a check of the operator's own":
    "ALTER TABLE message_thread ADD CONSTRAINT obstacle CHECK (document NOT LIKE '%Secretive%') NOT VALID",
  "a check that can't be carried out":
    "ALTER TABLE message_thread ADD CONSTRAINT obstacle CHECK ((document::json ->> 'OriginalSender')::int > 0) NOT VALID",
  "an index that wants it to be unique": `CREATE UNIQUE INDEX obstacle ON message_thread (enterprise_id,
    (CASE WHEN created > 1700000000000000 THEN document::json ->> 'OriginalSender' END))`,
  "a trigger that says too much": `
    CREATE FUNCTION obstacle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'No room for %', NEW.document; END $$;
    CREATE TRIGGER obstacle BEFORE INSERT ON message_thread FOR EACH ROW EXECUTE FUNCTION obstacle()`,
};

const clear = `ALTER TABLE message_thread DROP CONSTRAINT IF EXISTS obstacle; DROP INDEX IF EXISTS obstacle;
  DROP FUNCTION IF EXISTS obstacle CASCADE`;

test("what guests write is not in the log when the database refuses it, whatever the reason", async (t) => {
  const database = await engineDatabase(t);
  const server = await startServer(t, "dev", database);
  assert.equal((await call(server.url, "messageThreads/add", secretGuest)).status, 200);
  for (const [name, statement] of Object.entries(obstacles)) {
    await sql(database, statement);
    const { status, text, body } = await call(server.url, "messageThreads/add", secretGuest);
    assert.equal(status, 500, `${name}: ${text}`);
    await server.printed(new RegExp(`Request ${body.RequestId} failed: .*\\n`));
    assert.doesNotMatch(`${server.stdout()}${server.stderr()}${text}`, /Zebediah|Secretive|private/, name);
    await sql(database, clear);
  }
});
