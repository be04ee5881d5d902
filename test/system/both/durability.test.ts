import assert from "node:assert/strict";
import { test } from "node:test";
import { stored } from "../../support/database/stored.ts";
import { call, startServer } from "../../support/server/process.ts";
import { engineDatabase } from "../../support/server/server.ts";
import { enterprises } from "../../support/server/world.ts";

const writers = 16;
const rounds = 3;

type Operation = "messageThreads/add" | "messages/add";

/** A request as it was sent, and what it made, once that was answered. */
interface Sent {
  readonly operation: Operation;
  readonly key: string;
  readonly properties: object;
  /** The subject or the text, by which what it made is known even when no answer came. */
  readonly mark: string;
  made?: string;
}

interface Round {
  readonly sent: readonly Sent[];
  readonly isOver: () => boolean;
  readonly send: (sent: Sent) => Promise<string | undefined>;
}

/** What went wrong must be the end of the server and nothing else. */
function round(url: string, killAfter: number, kill: () => void): Round {
  const sent: Sent[] = [];
  let acknowledged = 0;
  return {
    sent,
    isOver: () => acknowledged >= killAfter,
    send: async (request) => {
      sent.push(request);
      try {
        request.made = await add(url, request);
      } catch (error) {
        if (acknowledged < killAfter) throw error;
        return undefined;
      }
      acknowledged += 1;
      if (acknowledged === killAfter) kill();
      return request.made;
    },
  };
}

/** Sends a request, for the first time or again. @returns the id of what it made */
async function add(url: string, { operation, key, properties }: Sent): Promise<string> {
  const { status, body } = await call(url, operation, properties, { headers: { "Idempotency-Key": key } });
  assert.equal(status, 200);
  const id = operation === "messageThreads/add" ? body.MessageThreads[0]?.Id : body.Messages[0]?.Message.Id;
  assert.ok(id);
  return id;
}

/** Opens threads and writes into each, until the server is gone. */
async function write({ send, isOver }: Round, name: string): Promise<void> {
  for (let number = 0; !isOver(); number += 1) {
    const mark = `${name}.${number}`;
    const EnterpriseId = enterprises[number % enterprises.length];
    const opened = { OriginalSender: "Jane", Subject: mark, EnterpriseId };
    const thread = await send({ operation: "messageThreads/add", key: mark, properties: opened, mark });
    if (thread === undefined) return;
    for (const part of ["a", "b"]) {
      const text = `${mark}.${part}`;
      const Messages = [{ MessageThreadId: thread, Text: text }];
      const message = await send({ operation: "messages/add", key: text, properties: { Messages }, mark: text });
      if (message === undefined) return;
    }
  }
}

/** Every thread or message, as ids by subject or text. */
async function idsByMark(database: string, table: "message_thread" | "message"): Promise<Map<string, string[]>> {
  const rows = await stored<{ id: string; document: string }>(database, `SELECT id, document FROM ${table}`);
  const ids = new Map<string, string[]>();
  for (const { id, document } of rows) {
    const { Subject, Text } = JSON.parse(document) as { Subject?: string; Text?: string };
    const mark = Subject ?? Text ?? "";
    ids.set(mark, [...(ids.get(mark) ?? []), id]);
  }
  return ids;
}

/** Each request left at most one thing, an acknowledged one exactly the one it answered. */
async function checkStored(database: string, sent: readonly Sent[], everythingIsMade: boolean): Promise<void> {
  const threads = await idsByMark(database, "message_thread");
  const messages = await idsByMark(database, "message");
  for (const { operation, mark, made } of sent) {
    const ids = (operation === "messageThreads/add" ? threads : messages).get(mark) ?? [];
    if (made !== undefined) assert.deepEqual(ids, [made], `${operation} ${mark} was acknowledged`);
    else assert.ok(ids.length <= 1 && !everythingIsMade, `${operation} ${mark} was made ${ids.length} times`);
  }
}

interface StoredLog {
  readonly reached: number;
  readonly entries: number;
  readonly oldest: number;
  readonly newest: number;
  readonly is_timed: 0 | 1;
}

/** The log of each property counts from 1 without gaps to the number that the property has reached. */
async function checkLogs(database: string): Promise<void> {
  const logs = await stored<StoredLog>(
    database,
    `SELECT property.sequence AS reached, count(*) AS entries, min(log.sequence) AS oldest,
      max(log.sequence) AS newest, max(log.created) = property.created AS is_timed
    FROM property JOIN property_log AS log ON log.enterprise_id = property.enterprise_id
    GROUP BY property.enterprise_id, property.sequence, property.created`,
  );
  assert.equal(logs.length, enterprises.length);
  for (const { reached, entries, oldest, newest, is_timed } of logs) {
    assert.deepEqual(
      { entries, oldest, newest, is_timed },
      { entries: reached, oldest: 1, newest: reached, is_timed: 1 },
    );
  }
}

/** Every thread and message is in the log exactly once, and nothing else is. */
async function checkLogOfEverything(database: string): Promise<void> {
  const difference = await stored<{ count: number }>(
    database,
    `SELECT count(*) AS count FROM (
      SELECT id FROM (SELECT id FROM message_thread UNION ALL SELECT id FROM message) AS made
      EXCEPT SELECT coalesce(message_id, message_thread_id) FROM property_log
    ) AS unlogged UNION ALL
    SELECT (SELECT count(*) FROM message_thread) + (SELECT count(*) FROM message)
      - (SELECT count(*) FROM property_log WHERE kind IN ('ThreadAdded', 'MessageAdded'))`,
  );
  assert.deepEqual(
    difference.map(({ count }) => count),
    [0, 0],
  );
}

/** As a partner finds them: every acknowledged thread is answered once, with its subject. */
async function checkAnswers(url: string, sent: readonly Sent[]): Promise<void> {
  const threads = sent.filter(({ operation, made }) => operation === "messageThreads/add" && made !== undefined);
  const messages = sent.filter(({ operation, made }) => operation === "messages/add" && made !== undefined);
  const foundThreads = await call(url, "messageThreads/getAll", { MessageThreadIds: threads.map(({ made }) => made) });
  assert.deepEqual(
    new Map(foundThreads.body.MessageThreads.map(({ Id, Subject }) => [Id, Subject])),
    new Map(threads.map(({ made = "", mark }) => [made, mark])),
  );
  assert.equal(foundThreads.body.MessageThreads.length, threads.length);
  const foundMessages = await call(url, "messages/getAll", { MessageIds: messages.map(({ made }) => made) });
  assert.deepEqual(
    new Map(foundMessages.body.Messages.map(({ Id, Text }) => [Id, Text])),
    new Map(messages.map(({ made = "", mark }) => [made, mark])),
  );
  assert.equal(foundMessages.body.Messages.length, messages.length);
}

for (let number = 1; number <= rounds; number += 1) {
  test(`a server killed while ${writers} partners write has lost and doubled nothing (${number})`, async (t) => {
    const database = await engineDatabase(t);
    const start = () => startServer(t, "dev", database, ["--rate-limit", "off"]);
    const first = await start();
    const current = round(first.url, 97 * number, () => first.child.kill("SIGKILL"));
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(current, `${writer}`)));
    assert.equal((await first.ended).signal, "SIGKILL");
    const unanswered = current.sent.filter(({ made }) => made === undefined);
    assert.ok(unanswered.length > 0, "the server was killed with work under way");

    const second = await start();
    await checkStored(database, current.sent, false);
    await checkLogs(database);
    await checkAnswers(second.url, current.sent);

    // A partner without an answer sends the same again, here twice at once.
    await Promise.all(
      unanswered.map(async (request) => {
        const [made, again] = await Promise.all([add(second.url, request), add(second.url, request)]);
        assert.equal(made, again);
        request.made = made;
      }),
    );
    await checkStored(database, current.sent, true);
    await checkLogs(database);
    await checkLogOfEverything(database);
    await checkAnswers(second.url, current.sent);
  });
}
