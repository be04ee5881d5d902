import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { existsSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openSocket } from "../../support/delivery/socket.ts";
import { checkStored, failuresOf, type Node, sql, troubleOf, untilReady } from "../../support/postgres/nodes.ts";
import { startPostgres } from "../../support/postgres/postgres.ts";
import { engineDatabase } from "../../support/server/server.ts";
import { guest, world } from "../../support/server/world.ts";

const unreachable = "The database can't be reached right now.";
const diskFull = "The database can't take more: its disk is full.";
const rightMissing = "The user of the database lacks a right.";

/** A write that the database can't take is answered 503 without a word of why, which the operator is told. */
async function checkRefused(node: Node, sentence: string, properties: object = {}, key?: string): Promise<void> {
  const headers = key === undefined ? {} : { "Idempotency-Key": key };
  const { status, body } = await node.call("messageThreads/add", { ...guest, ...properties }, { headers });
  assert.equal(status, 503);
  assert.equal(body.Message, "The server can't read or store anything right now; try again.");
  const told = failuresOf(node).map((error) => (error instanceof Error ? error.message : error));
  assert.equal(told.at(-1), sentence);
  assert.equal(await troubleOf(node), sentence);
}

for (const end of ["stop", "kill"] as const) {
  test(`a server that goes away by ${end} and comes back: nothing is lost, and no restart is needed`, async (t) => {
    const server = await startPostgres(t);
    const node = await world(t, { database: server.url });
    const thread = await node.addThread();
    const [first] = await node.addMessages(thread);
    const socket = await openSocket(t, node.url);
    const { Position } = (await node.call("events/getAll", { After: "now" })).body;

    await server[end]();
    await checkRefused(node, unreachable);
    assert.equal((await node.call("messageThreads/getAll", { MessageThreadIds: [thread] })).status, 503);
    await checkRefused(node, unreachable);
    const failures = failuresOf(node).length;
    assert.ok(failures < 10, `${failures} failures are too many to read`);

    await server.restart();
    const [second] = await node.addMessages(thread);
    await untilReady(node);
    assert.deepEqual(await node.messages({ MessageThreadIds: [thread] }), [second, first]);
    // It may have been told to come back.
    const open = socket.client.readyState === socket.client.OPEN;
    const hearing = open ? socket : await openSocket(t, node.url, { after: Position });
    assert.deepEqual(await hearing.messages(1), [second]);
    assert.equal((await checkStored(server.url)).filter(({ created }) => created > 1_700_000_000_000_000).length, 3);
  });
}

const isFullDevice = existsSync("/dev/full");
const full = "a disk that is full: what does not fit is not stored, what does is, and no restart is needed afterwards";
test(full, { skip: !isFullDevice }, async (t) => {
  const server = await startPostgres(t);
  const node = await world(t, { database: server.url, "database-partitions": "1" });
  const [row] = await sql<{ path: string }>(server.url, "SELECT pg_relation_filepath('idempotency_key_0') AS path");
  const file = join(server.dataFolder, row?.path ?? "");
  // A table that is empty so far is to grow on a device that is always full.
  await server.stop();
  renameSync(file, `${file}.empty`);
  symlinkSync("/dev/full", file);
  await server.restart();

  await node.addThread();
  await checkRefused(node, diskFull, {}, "once");
  await checkRefused(node, diskFull, {}, "once");
  assert.equal((await node.threads()).length, 1);
  await node.addThread();
  assert.equal(await troubleOf(node), undefined, "it takes what needs no more room");

  await server.stop();
  rmSync(file);
  renameSync(`${file}.empty`, file);
  await server.restart();
  const options = { headers: { "Idempotency-Key": "once" } };
  const answers = [await node.addThread(undefined, options), await node.addThread(undefined, options)];
  assert.equal(new Set(answers).size, 1);
  assert.equal((await node.threads()).length, 3);
  await checkStored(server.url);
});

test("a user without the right to add: nothing is stored, until it has the right", async (t) => {
  const database = await engineDatabase(t);
  await world(t, { database });
  const role = new URL(database).pathname.slice(1).replace("test", "role");
  await sql(database, `CREATE ROLE ${role} LOGIN`);
  await sql(database, `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
  await sql(database, `REVOKE INSERT ON property_log FROM ${role}`);
  const node = await world(t, { database: database.replace("postgres@", `${role}@`) });
  await checkRefused(node, rightMissing);
  assert.deepEqual(await node.threads(), []);
  await sql(database, `GRANT INSERT ON property_log TO ${role}`);
  await node.addThread();
  assert.equal(await troubleOf(node), undefined);
  await checkStored(database);
  await sql(database, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
});
