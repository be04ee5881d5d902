import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Flags } from "../../../src/config/config.ts";
import { Problem } from "../../../src/core/problem.ts";
import { openDatabase } from "../../../src/store/store.ts";
import { inSql } from "../../support/database/in-sql.ts";
import { checkStored, eventually, failuresOf, otherClient } from "../../support/postgres/nodes.ts";
import { type CallOptions, engineDatabase } from "../../support/server/server.ts";
import { atNet, everything, gross, guest, net, third, world } from "../../support/server/world.ts";

/** A node that waits long for its requests, one that ends each after half a second, and somebody who holds locks. */
async function startBoth(t: TestContext, flags: Flags = {}) {
  const database = await engineDatabase(t);
  const node = await world(t, { database, "request-timeout": "1h", ...flags });
  const impatient = await world(t, { database, "request-timeout": "500ms", ...flags });
  const holder = await otherClient(t, database);
  // Within a transaction one sees the same connections all the time.
  const watcher = await otherClient(t, database);
  const [published] = await node.threads({
    CreatedUtc: { StartUtc: "2022-03-01T00:00:00Z", EndUtc: "2022-05-01T00:00:00Z" },
  });
  assert.ok(published);
  await node.addThread(gross);
  await node.addThread(third);
  /** Statements of the nodes that wait for a lock, but for those of no request. */
  const waiting = async () => {
    const query = `SELECT query FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'innbox' AND wait_event_type = 'Lock'
        AND query !~ 'summarized <> updated|log.kind IN'`;
    return (await watcher.query<{ query: string }>(query)).rows.map(({ query }) => query);
  };
  const untilWaiting = (count: number) =>
    eventually(`${count} statements that wait`, async () => ((await waiting()).length === count ? true : undefined));
  const hold = async (statement: string) => {
    await holder.query("BEGIN");
    await holder.query(statement);
  };
  return { database, node, impatient, published, hold, release: () => holder.query("ROLLBACK"), untilWaiting };
}

const lockOf = (enterpriseId: string) => `SELECT FROM property WHERE enterprise_id = '${enterpriseId}' FOR UPDATE`;

test("a write that waits for a lock too long is answered 408, its statement ends, and it is never stored", async (t) => {
  const { database, node, impatient, hold, release, untilWaiting } = await startBoth(t);
  await hold(lockOf(gross));
  const answers = Array.from({ length: 20 }, () => impatient.call("messageThreads/add", guest));
  assert.deepEqual(new Set((await Promise.all(answers)).map(({ status }) => status)), new Set([408]));
  await untilWaiting(0);
  await node.addThread(net, atNet);

  await release();
  await node.addThread(gross);
  assert.equal((await node.threads(everything)).length, 4);
  await checkStored(database);
});

test("others go on while one property is held, and those that wait for it are served when it is let go of", async (t) => {
  const { node, hold, release, untilWaiting } = await startBoth(t);
  await hold(lockOf(gross));
  const held = Array.from({ length: 30 }, () => node.addThread(gross));
  await untilWaiting(1);
  for (let count = 0; count < 10; count += 1) {
    await Promise.all([node.addThread(net), node.addThread(third)]);
    assert.equal((await node.threads({ ...everything, EnterpriseIds: [gross] })).length, 1);
  }
  await release();
  assert.equal(new Set(await Promise.all(held)).size, 30);
});

const lists: readonly (readonly [string, string, object, CallOptions])[] = [
  ["by creation", "messageThreads/getAll", everything, {}],
  ["by update", "messageThreads/getAll", { UpdatedUtc: everything.CreatedUtc }, {}],
  ["by ids", "messageThreads/getAll", { MessageThreadIds: [net] }, {}],
  ["of messages", "messages/getAll", { MessageThreadIds: [net] }, {}],
  ["a page at one property", "messageThreads/getAll", { ...everything, Limitation: { Count: 3 } }, atNet],
];

for (const [name, operation, properties, options] of lists) {
  test(`a list ${name} that waits too long is answered 408, and its statement ends`, async (t) => {
    const { node, impatient, hold, release, untilWaiting } = await startBoth(t);
    await hold("LOCK TABLE message_thread IN ACCESS EXCLUSIVE MODE");
    assert.equal((await impatient.call(operation, properties, options)).status, 408);
    await untilWaiting(0);
    await release();
    assert.equal((await node.call(operation, properties, options)).status, 200);
  });
}

test("a read that begins after the deadline ends at once, and one for an answer that has begun may take its time", async (t) => {
  const db = openDatabase(await engineDatabase(t));
  t.after(() => db.close());
  const { signal } = new AbortController();
  const until = (end: number) => db.until({ signal, end, mayBeStored: false });
  const late = until(performance.now() - 10);
  const isLate = (error: unknown) => error instanceof Problem && error.kind === "timeout";
  await assert.rejects(late.all(...inSql("SELECT pg_sleep(20)")), isLate);
  await assert.rejects(
    late.snapshot(({ all }) => all(...inSql("SELECT pg_sleep(20)"))),
    isLate,
  );
  assert.equal((await until(Number.POSITIVE_INFINITY).all(...inSql("SELECT pg_sleep(0.1)"))).length, 1);
});

test("more readers that wait than there are connections are all answered 408, and then everything goes on", async (t) => {
  const { node, impatient, hold, release, untilWaiting } = await startBoth(t);
  await hold("LOCK TABLE message_thread IN ACCESS EXCLUSIVE MODE");
  const byUpdate = { UpdatedUtc: everything.CreatedUtc };
  const asked = Array.from({ length: 40 }, (_, index) =>
    impatient.call("messageThreads/getAll", index % 2 === 0 ? everything : byUpdate),
  );
  const answers = await Promise.all(asked);
  assert.deepEqual(failuresOf(impatient), []);
  for (const { status, text } of answers) assert.equal(status, 408, text);
  await untilWaiting(0);
  await release();
  assert.equal((await node.threads(everything)).length, 2);
});

test("who gets no connection for long because others hold them hears that the database is busy, not that it is gone", async (t) => {
  const { node, hold, release, untilWaiting } = await startBoth(t, { "database-connections": "3" });
  await hold(lockOf(gross));
  const held = node.addThread(gross);
  await untilWaiting(1);
  const { status } = await node.call("messageThreads/getAll", { UpdatedUtc: everything.CreatedUtc });
  assert.equal(status, 503);
  assert.match(String(failuresOf(node).at(-1)), /The database is too busy right now\./);
  assert.equal((await node.call("messageThreads/getAll", everything)).status, 200);
  await release();
  await held;
});
