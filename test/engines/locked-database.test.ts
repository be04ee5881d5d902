import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { startSandbox } from "../support/server/server.ts";
import { guest } from "../support/server/world.ts";

const lastHour = () => ({
  StartUtc: new Date(Date.now() - 3_600_000).toISOString(),
  EndUtc: new Date(Date.now() + 3_600_000).toISOString(),
});

test("while another program holds the database the server lives, and what it answered 408 is never stored", async (t) => {
  const { call, database } = await startSandbox(t);
  const impatient = await startSandbox(t, { database, "request-timeout": "300ms" });
  const other = new DatabaseSync(database.replace("sqlite:", ""));
  t.after(() => other.close());
  other.exec("BEGIN IMMEDIATE");

  const late = Array.from({ length: 20 }, () => impatient.call("messageThreads/add", guest));
  const live = await fetch(`${impatient.url}/health/live`);
  assert.equal(live.status, 200);
  const statuses = (await Promise.all(late)).map(({ status }) => status);
  assert.deepEqual(new Set(statuses), new Set([408]));

  other.exec("ROLLBACK");
  // In turn after all that the impatient server has begun.
  await impatient.app.store.db.transaction(async () => undefined);
  assert.equal((await call("messageThreads/add", guest)).status, 200);
  const { body } = await call("messageThreads/getAll", { CreatedUtc: lastHour() });
  assert.equal(body.MessageThreads.length, 1, "only the thread that was answered 200 is there");
});

test("a database that stays held is answered 503, and its reason goes to the log alone", async (t) => {
  const { call, database, logged } = await startSandbox(t, {}, { lockPatience: 0 });
  const other = new DatabaseSync(database.replace("sqlite:", ""));
  t.after(() => other.close());
  other.exec("BEGIN IMMEDIATE");

  const { status, headers, body } = await call("messageThreads/add", guest);
  assert.equal(status, 503);
  assert.equal(headers.get("Retry-After"), "1");
  assert.equal(body.Message, "The server can't read or store anything right now; try again.");
  const told = logged.map((entry) =>
    JSON.stringify(entry, (_key, value) => (value instanceof Error ? value.message : value)),
  );
  assert.match(told.join("\n"), /another program has locked it/);
  other.exec("ROLLBACK");
});
