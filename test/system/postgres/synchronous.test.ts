import "../../support/on-postgres.ts";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { checkStored, eventually, otherClient, sql } from "../../support/nodes.ts";
import { startReplicated } from "../../support/postgres-replication.ts";
import type { PostgresServer } from "../../support/postgres-server.ts";
import { call, startServer } from "../../support/process.ts";
import { type Answer, startSandbox } from "../../support/server.ts";
import { openSocket } from "../../support/socket.ts";
import { everything, gross, guest, net, third } from "../../support/world.ts";

/**
 * Two nodes, one that waits long for its requests and one that ends each after a second, over a primary whose synchronous
 * standby has just gone.
 */
async function startWithoutStandby(t: TestContext) {
  const replicated = await startReplicated(t);
  const node = await startSandbox(t, { database: replicated.url, "request-timeout": "1h" });
  const impatient = await startSandbox(t, { database: replicated.url, "request-timeout": "1s" });
  const socket = await openSocket(t, node.url);
  const opened = await node.call("messageThreads/add", guest);
  const MessageThreadId = opened.body.MessageThreads[0]?.Id;
  const administrator = await otherClient(t, replicated.primary.url);
  await replicated.standby.kill();
  const write = (Text: string, { call } = node) => {
    const headers = { "Idempotency-Key": Text };
    return call("messages/add", { Messages: [{ MessageThreadId, Text }] }, { headers });
  };
  const read = () => node.call("messages/getAll", { MessageThreadIds: [MessageThreadId] });
  const untilWaiting = () =>
    eventually("A commit that waits", async () => {
      const waiting = "SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'innbox'";
      return (await administrator.query(waiting)).rowCount || undefined;
    });
  return { ...replicated, node, impatient, socket, administrator, write, read, untilWaiting };
}

function checkUndecided({ status, body }: Answer): void {
  assert.equal(status, 503);
  assert.match(body.Message, /did not say whether this was stored. Repeat the request with the same Idempotency-Key/);
}

test("what the synchronous standby does not have is not acknowledged, and stored once when it comes back", async (t) => {
  const { primary, standby, impatient, socket, write, read } = await startWithoutStandby(t);
  checkUndecided(await write("Hello", impatient));
  assert.deepEqual((await read()).body.Messages, [], "others do not see it yet, and may read");
  const behind = await impatient.call("messageThreads/add", guest);
  assert.equal(behind.status, 408, "whoever waits for its property has stored nothing");
  assert.equal((await impatient.call("messageThreads/add", { ...guest, EnterpriseId: third })).status, 503);

  await standby.restart();
  const repeated = await eventually("An answer", async () => {
    const answer = await write("Hello");
    return answer.status === 200 ? answer : undefined;
  });
  assert.equal(repeated.headers.get("Idempotent-Replayed"), "true");
  const [message] = repeated.body.Messages;
  assert.deepEqual(await socket.messages(1), [message?.Message.Id]);
  assert.equal((await read()).body.Messages.length, 1);
  const log = (await checkStored(primary.url)).filter(({ created }) => created > 1_700_000_000_000_000);
  assert.deepEqual(log.map(({ kind }) => kind).toSorted(), ["MessageAdded", "ThreadAdded", "ThreadAdded"]);
});

for (const end of ["pg_cancel_backend", "pg_terminate_backend"]) {
  test(`a commit that ${end} keeps from waiting for the standby is not acknowledged, nor is its repetition`, async (t) => {
    const { administrator, impatient, write, untilWaiting } = await startWithoutStandby(t);
    const stopWaiting = async () => {
      await untilWaiting();
      await administrator.query(`SELECT ${end}(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
    };
    for (let repetition = 0; repetition < 3; repetition += 1) {
      const [answer] = await Promise.all([write("Hello", impatient), stopWaiting()]);
      checkUndecided(answer);
    }
  });
}

test("a server ends when it is told to, although a commit will not", async (t) => {
  const { url, standby } = await startReplicated(t);
  const node = await startServer(t, "dev", url, ["--request-timeout", "500ms"]);
  await standby.kill();
  assert.equal((await call(node.url, "messageThreads/add", guest)).status, 503);
  node.child.kill("SIGTERM");
  assert.equal((await node.ended).exitCode, 0);
});

/** Has all processes of a server stand still, as a machine that is cut off does. Answers how to have them go on. */
async function freeze({ url, dataFolder }: PostgresServer): Promise<() => void> {
  const rows = await sql<{ pid: number }>(url, "SELECT pid FROM pg_stat_activity");
  const postmaster = Number.parseInt(readFileSync(join(dataFolder, "postmaster.pid"), "utf8"), 10);
  const processes = [postmaster, ...rows.map(({ pid }) => pid)];
  const signal = (name: NodeJS.Signals) => {
    for (const pid of processes) {
      try {
        process.kill(pid, name);
      } catch {
        // The connection that asked is gone.
      }
    }
  };
  signal("SIGSTOP");
  return () => signal("SIGCONT");
}

test("a primary that hangs without a word is left for the standby that takes over, and with it what hangs there", async (t) => {
  const { url, primary, standby } = await startReplicated(t);
  const node = await startSandbox(t, { database: url, "request-timeout": "10s" });
  const headers = { "Idempotency-Key": "once" };
  const write = (EnterpriseId: string) =>
    node.call("messageThreads/add", { ...guest, EnterpriseId }, { headers: { "Idempotency-Key": EnterpriseId } });
  assert.equal((await write(net)).status, 200);
  assert.equal((await node.call("messageThreads/add", guest)).status, 200);
  const { Position } = (await node.call("events/getAll", { After: "now" })).body;
  const socket = await openSocket(t, node.url);

  // Every connection that the node may have is open, and one is in the middle of a transaction.
  const byUpdate = { UpdatedUtc: everything.CreatedUtc };
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      node.call("messageThreads/getAll", index % 2 === 0 ? everything : byUpdate),
    ),
  );
  const administrator = await otherClient(t, primary.url);
  await administrator.query(`BEGIN; SELECT FROM property WHERE enterprise_id = '${gross}' FOR UPDATE`);
  const hanging = write(gross);
  await eventually("A write that waits", async () => {
    const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'innbox'";
    return (await sql(primary.url, waiting)).length || undefined;
  });

  const goOn = await freeze(primary);
  try {
    await standby.promote();
    const promoted = performance.now();
    // In time for the new primary or not.
    const { status } = await hanging;
    assert.ok([200, 408].includes(status), `${status}`);
    const untilWritten = (enterpriseId: string) =>
      eventually("An answer", async () => {
        const answer = await write(enterpriseId);
        assert.ok([200, 408, 503].includes(answer.status), answer.text);
        return answer.status === 200 ? answer : undefined;
      });
    const [, answer] = await Promise.all([untilWritten(net), untilWritten(gross)]);
    t.diagnostic(`It took ${Math.round(performance.now() - promoted)} ms from the promotion.`);

    const MessageThreadId = answer.body.MessageThreads[0]?.Id;
    const added = await node.call("messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] }, { headers });
    const id = added.body.Messages[0]?.Message.Id;
    // It may have been told to come back.
    const isOpen = socket.client.readyState === socket.client.OPEN;
    const hearing = isOpen ? socket : await openSocket(t, node.url, { after: Position });
    assert.deepEqual(await hearing.messages(1), [id]);
    const log = (await checkStored(standby.url)).filter(({ created }) => created > 1_700_000_000_000_000);
    assert.equal(log.length, 4);
  } finally {
    goOn();
  }
});
