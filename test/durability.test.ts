import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { call, startServer } from "./support/process.ts";
import { temporaryFolder } from "./support/server.ts";
import { enterprises } from "./support/world.ts";

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

/** Every thread or message in the file, as ids by subject or text. */
function stored(file: DatabaseSync, table: "message_thread" | "message"): Map<string, string[]> {
  const property = table === "message_thread" ? "Subject" : "Text";
  const rows = file.prepare(`SELECT id, document ->> '${property}' AS mark FROM ${table}`).all();
  const ids = new Map<string, string[]>();
  for (const { id, mark } of rows) ids.set(String(mark), [...(ids.get(String(mark)) ?? []), String(id)]);
  return ids;
}

function inFile<T>(path: string, look: (file: DatabaseSync) => T): T {
  const file = new DatabaseSync(path, { readOnly: true });
  try {
    return look(file);
  } finally {
    file.close();
  }
}

/** Each request left at most one thing, an acknowledged one exactly the one it answered. */
function checkStored(path: string, sent: readonly Sent[], everythingIsMade: boolean): void {
  const [threads, messages] = inFile(
    path,
    (file) => [stored(file, "message_thread"), stored(file, "message")] as const,
  );
  for (const { operation, mark, made } of sent) {
    const ids = (operation === "messageThreads/add" ? threads : messages).get(mark) ?? [];
    if (made !== undefined) assert.deepEqual(ids, [made], `${operation} ${mark} was acknowledged`);
    else assert.ok(ids.length <= 1 && !everythingIsMade, `${operation} ${mark} was made ${ids.length} times`);
  }
}

/** The log of each property counts from 1 without gaps to the number that the property has reached. */
function checkLogs(path: string): void {
  const logs = inFile(path, (file) =>
    file
      .prepare(
        `SELECT property.sequence AS reached, count(*) AS entries, min(log.sequence) AS oldest,
          max(log.sequence) AS newest, max(log.created) = property.created AS is_timed
        FROM property JOIN property_log AS log USING (enterprise_id) GROUP BY property.enterprise_id`,
      )
      .all(),
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
function checkLogOfEverything(path: string): void {
  const difference = inFile(path, (file) =>
    file
      .prepare(
        `SELECT count(*) AS count FROM (
          SELECT id FROM (SELECT id FROM message_thread UNION ALL SELECT id FROM message)
          EXCEPT SELECT coalesce(message_id, message_thread_id) FROM property_log
        ) UNION ALL
        SELECT (SELECT count(*) FROM message_thread) + (SELECT count(*) FROM message)
          - (SELECT count(*) FROM property_log)`,
      )
      .all(),
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
    const path = join(temporaryFolder(t), "innbox.db");
    const start = () => startServer(t, "dev", `sqlite:${path}`, ["--rate-limit", "off"]);
    const first = await start();
    const current = round(first.url, 97 * number, () => first.child.kill("SIGKILL"));
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(current, `${writer}`)));
    assert.equal((await first.ended).signal, "SIGKILL");
    const unanswered = current.sent.filter(({ made }) => made === undefined);
    assert.ok(unanswered.length > 0, "the server was killed with work under way");

    const second = await start();
    checkStored(path, current.sent, false);
    checkLogs(path);
    await checkAnswers(second.url, current.sent);

    // A partner without an answer sends the same again, here twice at once.
    await Promise.all(
      unanswered.map(async (request) => {
        const [made, again] = await Promise.all([add(second.url, request), add(second.url, request)]);
        assert.equal(made, again);
        request.made = made;
      }),
    );
    checkStored(path, current.sent, true);
    checkLogs(path);
    checkLogOfEverything(path);
    await checkAnswers(second.url, current.sent);
  });
}
