import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type pg from "pg";
import { systemClock } from "../../../src/core/clock.ts";
import { uuidv7Source } from "../../../src/core/identifiers.ts";
import { openSocket } from "../../support/delivery/socket.ts";
import { checkStored, eventually, otherClient, sql } from "../../support/postgres/nodes.ts";
import { startReplicated } from "../../support/postgres/postgres-replication.ts";
import type { PostgresServer } from "../../support/postgres/postgres-server.ts";
import { holdTime } from "../../support/run/held-time.ts";
import type { Answer } from "../../support/server/answer.ts";
import { call, startServer } from "../../support/server/process.ts";
import { startSandbox } from "../../support/server/server.ts";
import { everything, gross, guest, net, third } from "../../support/server/world.ts";

/** How long a request may take by default, in milliseconds. */
const requestTimeout = 30_000;

/** How many writes of requests wait for the standby: what is done beside them, such as indexing, may wait as well. */
const waitingCommits = `SELECT DISTINCT pid FROM pg_stat_activity JOIN pg_locks USING (pid)
  WHERE wait_event = 'SyncRep' AND relation::regclass::text LIKE 'property_log%' AND mode = 'RowExclusiveLock'`;

/** How many of a server's statements wait for what others have locked. */
const waitingStatements =
  "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'innbox'";

function untilWaiting(administrator: pg.Client, query: string, count = 1): Promise<number> {
  return eventually(`${count} that wait`, async () => {
    const { rowCount } = await administrator.query(query);
    return rowCount !== null && rowCount >= count ? rowCount : undefined;
  });
}

/** A node over a primary whose synchronous standby has just gone. Time passes for its requests when the test says so. */
async function startWithoutStandby(t: TestContext) {
  const replicated = await startReplicated(t);
  const { pass } = holdTime(t);
  // A stop gives up a commit that hangs, when its own time is over.
  t.after(() => t.mock.timers.reset());
  let arrived = () => {};
  const newId = uuidv7Source(systemClock);
  const newIdentifier = () => {
    arrived();
    return newId();
  };
  const node = await startSandbox(t, { database: replicated.url }, { newIdentifier });
  const socket = await openSocket(t, node.url);
  const opened = await node.call("messageThreads/add", guest);
  const MessageThreadId = opened.body.MessageThreads[0]?.Id;
  const administrator = await otherClient(t, replicated.primary.url);
  await replicated.standby.kill();
  const write = (Text: string) => {
    const headers = { "Idempotency-Key": Text };
    return node.call("messages/add", { Messages: [{ MessageThreadId, Text }] }, { headers });
  };
  const read = () => node.call("messages/getAll", { MessageThreadIds: [MessageThreadId] });
  /** Resolves when the next request begins, which the first id after it is for. */
  const arrival = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    arrived = resolve;
    return promise;
  };
  return { ...replicated, node, socket, administrator, write, read, pass, arrival };
}

function checkUndecided({ status, body }: Answer): void {
  assert.equal(status, 503);
  assert.match(body.Message, /did not say whether this was stored. Repeat the request with the same Idempotency-Key/);
}

test("what the synchronous standby does not have is not acknowledged, and stored once when it comes back", async (t) => {
  const { primary, standby, node, socket, administrator, write, read, pass, arrival } = await startWithoutStandby(t);
  const hanging = write("Hello");
  await untilWaiting(administrator, waitingCommits);
  pass(requestTimeout);
  checkUndecided(await hanging);
  assert.deepEqual((await read()).body.Messages, [], "others do not see it yet, and may read");
  const isThere = arrival();
  const behind = node.call("messageThreads/add", guest);
  await isThere;
  pass(requestTimeout);
  assert.equal((await behind).status, 408, "what waits for its property has stored nothing");
  const elsewhere = node.call("messageThreads/add", { ...guest, EnterpriseId: third });
  await untilWaiting(administrator, waitingCommits, 2);
  pass(requestTimeout);
  assert.equal((await elsewhere).status, 503);

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
    const { administrator, write } = await startWithoutStandby(t);
    for (let repetition = 0; repetition < 3; repetition += 1) {
      let answer: Answer | undefined;
      const asked = write("Hello").then((answered) => {
        answer = answered;
      });
      await eventually("An answer", async () => {
        // What is done beside requests may wait as well.
        await administrator.query(`SELECT ${end}(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
        return answer;
      });
      await asked;
      checkUndecided(answer ?? assert.fail());
    }
  });
}

test("a server ends when it is told to, although a commit will not", async (t) => {
  const { url, primary, standby } = await startReplicated(t);
  const node = await startServer(t, "dev", url, ["--request-timeout", "500ms"]);
  const administrator = await otherClient(t, primary.url);
  await standby.kill();
  const hanging = call(node.url, "messageThreads/add", guest);
  await untilWaiting(administrator, waitingCommits);
  node.child.kill("SIGTERM");
  assert.equal((await node.ended).exitCode, 0);
  assert.equal((await hanging).status, 503);
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
  const node = await startSandbox(t, { database: url, "request-timeout": "2s" });
  const ask = (operation: string, properties: object, key: string) =>
    node.call(operation, properties, { headers: { "Idempotency-Key": key } });
  const write = (EnterpriseId: string) => ask("messageThreads/add", { ...guest, EnterpriseId }, EnterpriseId);
  /** Asks until the answer comes within the two seconds, which a slow machine may need more than once for. */
  const untilDone = (asked: () => Promise<Answer>) =>
    eventually("An answer", async () => {
      const answer = await asked();
      assert.ok([200, 408, 503].includes(answer.status), answer.text);
      return answer.status === 200 ? answer : undefined;
    });
  await untilDone(() => write(net));
  await untilDone(() => ask("messageThreads/add", guest, "guest"));
  const { Position } = (await untilDone(() => node.call("events/getAll", { After: "now" }))).body;
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
  await untilWaiting(await otherClient(t, primary.url), waitingStatements);

  const goOn = await freeze(primary);
  try {
    await standby.promote();
    const promoted = performance.now();
    assert.equal((await hanging).status, 408);
    const [, answer] = await Promise.all([untilDone(() => write(net)), untilDone(() => write(gross))]);
    t.diagnostic(`It took ${Math.round(performance.now() - promoted)} ms from the promotion.`);

    const MessageThreadId = answer.body.MessageThreads[0]?.Id;
    const message = { Messages: [{ MessageThreadId, Text: "Hello" }] };
    const added = await untilDone(() => ask("messages/add", message, "once"));
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
