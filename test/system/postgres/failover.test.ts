import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Received, startReceiver } from "../../support/delivery/receiver.ts";
import { openSocket } from "../../support/delivery/socket.ts";
import { batchOf } from "../../support/delivery/webhooks.ts";
import { checkStored, eventually, type LogRow, sql } from "../../support/postgres/nodes.ts";
import { startReplicated } from "../../support/postgres/postgres-replication.ts";
import { call, innboxData, startServer } from "../../support/server/process.ts";
import { startSandbox } from "../../support/server/server.ts";
import { credentials, enterprises, guest } from "../../support/server/world.ts";

const writersPerNode = 3;

/** How many writes each node acknowledges before the failover, and after it. */
const enough = 50;

/** What the clients of one node have been answered, and when. */
interface Outcomes {
  readonly statuses: Map<number, number>;
  /** Of acknowledged writes, in milliseconds of `performance.now`. */
  readonly acknowledged: number[];
  readonly refused: number[];
}

/** Resolves when `isSo`, which is asked again and again. Fails after a long time. */
function until(what: string, isSo: () => boolean): Promise<true> {
  return eventually(what, async () => isSo() || undefined);
}

/**
 * A partner that writes to a thread of its own. Whatever is not acknowledged is sent again with the same key, until it
 * is. Answers the ids of all messages, and of the thread before them.
 */
async function write(url: string, name: string, enterpriseId: string, outcomes: Outcomes, isOver: () => boolean) {
  let key = 0;
  async function send(operation: string, properties: object) {
    key += 1;
    const headers = { "Idempotency-Key": `${name} ${key}` };
    for (;;) {
      const { status, body } = await call(url, operation, properties, { headers });
      outcomes.statuses.set(status, (outcomes.statuses.get(status) ?? 0) + 1);
      (status === 200 ? outcomes.acknowledged : outcomes.refused).push(performance.now());
      if (status === 200) return body;
    }
  }
  const opened = await send("messageThreads/add", {
    OriginalSender: "Guest",
    Subject: name,
    EnterpriseId: enterpriseId,
  });
  const MessageThreadId = opened.MessageThreads[0]?.Id ?? "";
  const made = [MessageThreadId];
  while (!isOver()) {
    const { Messages } = await send("messages/add", { Messages: [{ MessageThreadId, Text: `${name} ${key}` }] });
    made.push(...Messages.map(({ Message }) => Message.Id));
  }
  return made;
}

/** Reads the feed, each time from the other node, until it is told that the writers have ended and nothing more comes. */
async function readFeed(urls: readonly string[], After: string, isWritten: () => boolean): Promise<string[]> {
  const seen: string[] = [];
  for (let position = After, turn = 0; ; turn += 1) {
    const wasWritten = isWritten();
    const { status, body } = await call(urls[turn % 2] ?? "", "events/getAll", { After: position });
    if (status !== 200) {
      assert.equal(status, 503);
      continue;
    }
    seen.push(...body.Events.map(({ Value }) => Value.Id));
    position = body.Position;
    if (wasWritten && body.Events.length === 0) return seen;
  }
}

/** Hears of messages, and comes back after the last position when the connection ends. */
function listen(t: TestContext, url: string, start: string) {
  let isOver = false;
  const heard: string[] = [];
  async function run(): Promise<void> {
    let after = start;
    while (!isOver) {
      const socket = await openSocket(t, url, { after }).catch(() => undefined);
      if (!socket) continue;
      let known = 0;
      const take = () => {
        heard.push(...socket.ids().slice(known));
        known = socket.ids().length;
        after = socket.position() ?? after;
      };
      socket.client.on("message", take);
      take();
      await new Promise((resolve) => socket.client.on("close", resolve));
    }
  }
  run();
  t.after(() => {
    isOver = true;
  });
  return heard;
}

const byProperty = (log: readonly LogRow[]) => [...Map.groupBy(log, ({ enterprise_id }) => enterprise_id).values()];

/** What came, each where it came first, is in the order of each log and complete. */
function checkTold(told: readonly string[], log: readonly LogRow[]): void {
  const first = [...new Set(told)];
  for (const rows of byProperty(log)) {
    const ids = rows.map(({ message_id }) => message_id ?? "");
    const ofProperty = new Set(ids);
    assert.deepEqual(
      first.filter((id) => ofProperty.has(id)),
      ids,
    );
  }
  assert.equal(first.length, log.length);
}

test("a failover loses and doubles nothing, and clients see nothing but 503 meanwhile", async (t) => {
  const { url, primary, standby } = await startReplicated(t);
  const nodes = await Promise.all([1, 2].map(() => startServer(t, "dev", url, ["--rate-limit", "off"])));
  const urls = nodes.map((node) => node.url);
  const receiver = await startReceiver(t);
  const registered = ["--client-token", credentials.ClientToken, "--database", url];
  await innboxData("webhook", "set", "--url", receiver.url, ...registered);
  const start = (await call(urls[0] ?? "", "events/getAll", { After: "now" })).body.Position;
  const heard = listen(t, urls[1] ?? "", start);

  // The sandbox's own history ends here.
  const begin = Date.now() * 1000;
  let [isOver, isWritten] = [false, false];
  const outcomes = urls.map((): Outcomes => ({ statuses: new Map(), acknowledged: [], refused: [] }));
  const writing = outcomes.flatMap((outcome, node) =>
    Array.from({ length: writersPerNode }, (_, index) => {
      const enterpriseId = enterprises[index % enterprises.length] ?? "";
      return write(urls[node] ?? "", `${node}.${index}`, enterpriseId, outcome, () => isOver);
    }),
  );
  const feed = readFeed(urls, start, () => isWritten);

  await until("Load", () => outcomes.every(({ acknowledged }) => acknowledged.length > enough));
  const killed = performance.now();
  await primary.kill();
  await until("A refusal", () => outcomes.every(({ refused }) => refused.length > 0));
  await standby.promote();
  const promoted = performance.now();
  const since = (moment: number) => outcomes.map(({ acknowledged }) => acknowledged.filter((time) => time > moment));
  await until("Recovery", () => since(promoted).every((times) => times.length > enough));
  isOver = true;
  const made = (await Promise.all(writing)).flat();
  isWritten = true;

  const log = (await checkStored(standby.url)).filter(({ created }) => created > begin);
  assert.deepEqual(
    log.map(({ message_id, message_thread_id }) => message_id ?? message_thread_id).toSorted(),
    made.toSorted(),
    "the log has what was acknowledged, each once, and nothing else",
  );
  const messages = log.filter(({ kind }) => kind === "MessageAdded");
  const fed = await feed;
  assert.equal(fed.length, messages.length, "the feed repeats nothing");
  checkTold(fed, messages);
  const all = new Set(messages.map(({ message_id }) => message_id));
  await until("All messages", () => heard.length >= all.size);
  assert.equal(heard.length, all.size, "the socket repeats nothing");
  checkTold(heard, messages);
  checkWebhooks(await receiver.until((received) => new Set(received.flatMap(idsIn)).size >= all.size), messages);

  for (const { statuses } of outcomes) assert.deepEqual([...statuses.keys()].toSorted(), [200, 503]);
  for (const node of nodes) assert.equal(node.child.exitCode, null);
  // The acknowledgements on both sides of the longest time without one.
  const outages = outcomes.map(({ acknowledged }) =>
    Math.round(Math.max(...acknowledged.map((time, index) => time - (acknowledged[index - 1] ?? time)))),
  );
  t.diagnostic(`The clients of the two nodes got no acknowledgement for ${outages.join(" and ")} ms.`);
  t.diagnostic(
    `Of that, the standby took ${Math.round(promoted - killed)} ms: a refusal was waited for, then it was promoted.`,
  );
});

const idsIn = (received: Received) => batchOf(received).Events.map(({ Value }) => Value.Id);

/** Each message is announced, in order, and whatever comes again comes as it was. */
function checkWebhooks(received: readonly Received[], messages: readonly LogRow[]): void {
  const bodies = new Map<string, string>();
  for (const { headers, text } of received) {
    const id = String(headers["webhook-id"]);
    assert.equal(text, bodies.get(id) ?? text, "a webhook-id is repeated with the same body only");
    bodies.set(id, text);
  }
  checkTold(received.flatMap(idsIn), messages);
  const distinct = [...new Map(received.map((one) => [String(one.headers["webhook-id"]), one])).values()];
  const told = distinct.flatMap((one) => idsIn(one).map((id) => `${batchOf(one).IntegrationId} ${id}`));
  assert.equal(new Set(told).size, told.length, "no integration hears of a message in two requests");
}

test("a node finds the primary wherever it stands in the URL, and never asks the standby", async (t) => {
  const { url, primary, standby } = await startReplicated(t);
  const { port } = standby;
  const reversed = url.replace(`${primary.port},127.0.0.1:${port}`, `${port},127.0.0.1:${primary.port}`);
  assert.notEqual(reversed, url);
  const node = await startSandbox(t, { database: reversed });
  assert.deepEqual(node.logged, []);
  assert.equal((await node.call("messageThreads/add", guest)).status, 200);
  const connected = "SELECT FROM pg_stat_activity WHERE application_name = 'innbox'";
  assert.equal((await sql(standby.url, connected)).length, 0);
  assert.ok((await sql(primary.url, connected)).length > 0);
});
