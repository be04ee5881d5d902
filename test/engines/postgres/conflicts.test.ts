import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { checkStored, eventually, failuresOf, otherClient, sql } from "../../support/postgres/nodes.ts";
import { startPostgres } from "../../support/postgres/postgres.ts";
import type { Answer } from "../../support/server/answer.ts";
import { engineDatabase } from "../../support/server/server.ts";
import { everything, gross, net, world } from "../../support/server/world.ts";

const few = { "database-partitions": "3" };

/** No request is answered because of it. */
const patient = { "request-timeout": "2m" };

/** A node with a thread at each of two properties, and somebody else who is in its way. */
async function startContested(t: TestContext, url?: string) {
  const database = url ?? (await engineDatabase(t));
  const node = await world(t, { database, ...few, ...patient });
  const other = await otherClient(t, database);
  // Within a transaction one sees the same connections all the time.
  const watcher = await otherClient(t, database);
  const threads = [await node.addThread(net), await node.addThread(gross)];
  const addToBoth = (key: string): Promise<Answer> => node.addTo(threads, { headers: { "Idempotency-Key": key } });
  const lock = (id: string) => other.query(`SELECT FROM property WHERE enterprise_id = '${id}' FOR UPDATE`);
  const ofNode = "datname = current_database() AND application_name = 'innbox'";
  const untilWaiting = () =>
    eventually("A statement that waits", async () => {
      const waiting = `SELECT FROM pg_stat_activity WHERE ${ofNode} AND wait_event_type = 'Lock'`;
      return (await watcher.query(waiting)).rowCount === 1 ? true : undefined;
    });
  /** Cuts the connections of the node that wait for a lock, or all of them. */
  const cut = async (which: "waiting" | "all") => {
    const condition = which === "waiting" ? "AND wait_event_type = 'Lock'" : "";
    await watcher.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${ofNode} ${condition}`);
  };
  const messagesAt = async (index: number) =>
    (await node.messages({ MessageThreadIds: [threads[index] ?? ""] })).length;
  return { database, node, other, addToBoth, lock, untilWaiting, cut, messagesAt };
}

test("a real deadlock ends for the node, which does its write again", async (t) => {
  const server = await startPostgres(t, { settings: { deadlock_timeout: "500ms", log_min_messages: "error" } });
  const contested = await startContested(t, server.url);
  const { database, node, other, addToBoth, lock, untilWaiting, messagesAt } = contested;
  // The side that looks first whether there is one gives way.
  await other.query("SET deadlock_timeout = '20s'");
  await other.query("BEGIN");
  await lock(gross);
  const answer = addToBoth("once");
  await untilWaiting();
  await lock(net);
  await other.query("COMMIT");
  assert.equal((await answer).status, 200, (await answer).text);
  assert.match(server.log(), /deadlock detected/);
  assert.deepEqual([await messagesAt(0), await messagesAt(1)], [1, 1]);
  assert.deepEqual(failuresOf(node), []);
  await checkStored(database);
});

/** Has the first writes to the log fail with this code; what counts them is not part of their transactions. */
async function failFirst(database: string, code: string, times: number): Promise<void> {
  await sql(
    database,
    `CREATE SEQUENCE failures;
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('failures') <= ${times} THEN RAISE SQLSTATE '${code}' USING MESSAGE = 'on purpose'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fail BEFORE INSERT ON property_log FOR EACH STATEMENT EXECUTE FUNCTION fail()`,
  ).catch(() => undefined);
}

test("a serialization failure is done again by the node, one that goes on is answered 503", async (t) => {
  const { database, addToBoth, messagesAt } = await startContested(t);
  await failFirst(database, "40001", 3);
  const { status, text } = await addToBoth("once");
  assert.equal(status, 200, text);
  assert.equal(await messagesAt(0), 1);

  await sql(database, "ALTER SEQUENCE failures RESTART WITH 1 MINVALUE -1000; SELECT setval('failures', -999)");
  assert.equal((await addToBoth("twice")).status, 503);
  await sql(database, "SELECT setval('failures', 1000)");
  assert.equal((await addToBoth("twice")).status, 200);
  assert.deepEqual([await messagesAt(0), await messagesAt(1)], [2, 2]);
  await checkStored(database);
});

test("nodes that write to one property wait for each other, where transactions are serializable by default too", async (t) => {
  const settings = { default_transaction_isolation: "serializable", log_min_messages: "error" };
  const { url, log } = await startPostgres(t, { settings });
  const nodes = await Promise.all([1, 2, 3].map(() => world(t, { database: url, ...few })));
  for (let round = 0; round < 10; round += 1) await Promise.all(nodes.map((node) => node.addThread()));
  assert.equal((await nodes[0]?.threads())?.length, 30);
  assert.deepEqual(nodes.flatMap(failuresOf), []);
  assert.doesNotMatch(log(), /could not serialize/);
  await checkStored(url);
});

test("connections that are cut between requests: some are answered 503, and a repeated request is carried out once", async (t) => {
  const { database, node, addToBoth, cut, messagesAt } = await startContested(t);
  const untilServed = (ask: () => Promise<Answer>) =>
    eventually("An answer", async () => {
      const answer = await ask();
      assert.ok([200, 503].includes(answer.status), answer.text);
      return answer.status === 200 ? answer : undefined;
    });
  const list = () => node.call("messageThreads/getAll", everything);
  for (let round = 1; round <= 5; round += 1) {
    await Promise.all(Array.from({ length: 8 }, list));
    await cut("all");
    const [, listed] = await Promise.all([untilServed(() => addToBoth(`${round}`)), untilServed(list)]);
    assert.equal(listed.body.MessageThreads.length, 2);
    assert.deepEqual([await messagesAt(0), await messagesAt(1)], [round, round]);
  }
  await checkStored(database);
});

test("a connection that is cut within a transaction: the write is done again, once", async (t) => {
  const { database, other, addToBoth, lock, untilWaiting, cut, messagesAt } = await startContested(t);
  await other.query("BEGIN");
  await lock(gross);
  const answer = addToBoth("once");
  await untilWaiting();
  await cut("waiting");
  await untilWaiting();
  await other.query("COMMIT");
  assert.equal((await answer).status, 200, (await answer).text);
  assert.deepEqual([await messagesAt(0), await messagesAt(1)], [1, 1]);
  await checkStored(database);
});

test("a connection that is cut during a commit: 503 says that it may be stored, and the key makes it one", async (t) => {
  const { database, other, addToBoth, untilWaiting, cut, messagesAt } = await startContested(t);
  await sql(
    database,
    `CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON message
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()`,
  );
  await other.query("SELECT pg_advisory_lock(1)");
  const answer = addToBoth("once");
  await untilWaiting();
  await cut("waiting");
  const { status, body } = await answer;
  assert.equal(status, 503);
  assert.match(body.Message, /did not say whether this was stored. Repeat the request with the same Idempotency-Key/);
  await other.query("SELECT pg_advisory_unlock(1)");
  const repeated = await Promise.all([addToBoth("once"), addToBoth("once")]);
  for (const again of repeated) assert.deepEqual([again.status, again.text], [200, repeated[0]?.text]);
  assert.deepEqual([await messagesAt(0), await messagesAt(1)], [1, 1]);
  await checkStored(database);
});
