import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { addIntegration } from "../../../src/administration/integrations.ts";
import type { Flags } from "../../../src/config/config.ts";
import { newToken, tokenDigest } from "../../../src/core/tokens.ts";
import type { MessageThread } from "../../../src/protocol/connector/message-threads.ts";
import { formatDateTime } from "../../../src/protocol/date-time.ts";
import { changeDirectory, insertClient, insertEnterprise } from "../../../src/store/directory/directory.ts";
import { openDatabase } from "../../../src/store/store.ts";
import { type GatedDatabase, gatedDatabase } from "../database/gated-database.ts";
import { administratorOf } from "../delivery/webhooks.ts";
import { hangGuard } from "../run/patience.ts";
import { engineDatabase, type TestServer } from "../server/server.ts";
import { world } from "../server/world.ts";

export type Node = Awaited<ReturnType<typeof world>>;

/** Two sandboxes in this process over one database. Each has a clock of its own, which stands until it is moved. */
export async function startNodes(t: TestContext, flags: Flags = {}) {
  const database = flags.database ?? (await engineDatabase(t));
  const start = () => world(t, { ...flags, database });
  return { database, ...together(await start(), await start()) };
}

/** The same, and a gate for each: a node whose gate is shut claims nothing, and stores nothing. */
export async function startGatedNodes(t: TestContext) {
  const database = await engineDatabase(t);
  const gates = [gatedDatabase(t, openDatabase(database)), gatedDatabase(t, openDatabase(database))] as const;
  const start = ({ db }: GatedDatabase) => world(t, { database }, { db });
  return { database, gates, ...together(await start(gates[0]), await start(gates[1])) };
}

function together(...nodes: readonly [Node, Node]) {
  /** Moves both clocks; the second node's is `ahead` by so many seconds. */
  const at = (second: number, ahead = 0) => {
    nodes[0].at(second);
    nodes[1].at(second + ahead);
  };
  return { nodes, at };
}

/** What has gone wrong inside of a node so far. */
export function failuresOf({ logged }: Node): unknown[] {
  return logged.flatMap((one) =>
    typeof one === "object" && one !== null && "error" in one && !("milliseconds" in one) ? [one.error] : [],
  );
}

/** What a server says to who asks whether it can be used: nothing, or why it can't. */
export async function troubleOf({ url }: { readonly url: string }): Promise<string | undefined> {
  const answer = await fetch(`${url}/health/ready`);
  const { Message } = (await answer.json()) as { readonly Message?: string };
  assert.equal(answer.status, Message === undefined ? 200 : 503);
  return Message;
}

/** Resolves once it can. */
export async function untilReady(node: { readonly url: string }): Promise<void> {
  await eventually("Readiness", async () => ((await troubleOf(node)) === undefined ? true : undefined));
}

/** What it has told the operator. */
export function notesOf({ logged }: Pick<TestServer, "logged">): string[] {
  return logged.filter((one) => typeof one === "string");
}

/** A client of its own with properties that nothing has ever been written at. */
export async function newProperties(node: TestServer, count: number) {
  const administrator = administratorOf(node);
  const { db, clock, newIdentifier } = administrator;
  const [clientId, ClientToken] = [newIdentifier(), newToken()];
  const enterpriseIds = Array.from({ length: count }, newIdentifier);
  await changeDirectory(db, async (transaction) => {
    const created = clock();
    const hotel = { name: "Hotel", timeZoneIdentifier: "UTC", defaultLanguageCode: "en-US", created };
    for (const id of enterpriseIds) await insertEnterprise(transaction, { ...hotel, id });
    await insertClient(transaction, { id: clientId, name: "Bot", tokenDigest: tokenDigest(ClientToken), created });
  });
  const { accessToken } = await addIntegration(administrator, clientId, enterpriseIds);
  return { enterpriseIds, tokens: { ClientToken, AccessToken: accessToken } };
}

/** Resolves with what `look` finds, which is asked again and again: for what nothing tells of. Fails after a long time. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + hangGuard;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(performance.now() < end, `${what} did not come.`);
    await setTimeout(25);
  }
}

/** Somebody else who works on the database, such as its administrator. Gone when the test ends. */
export async function otherClient(t: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  // Servers that this one is connected to are killed.
  client.on("error", () => undefined);
  await client.connect();
  t.after(() => client.end());
  return client;
}

/** Runs a statement on a connection of its own. */
export async function sql<R extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<R>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

export interface LogRow {
  readonly enterprise_id: string;
  readonly sequence: number;
  readonly created: number;
  readonly kind: "ThreadAdded" | "MessageAdded" | "ThreadResolved" | "ThreadReopened" | "NoteAdded" | "ThreadAssigned";
  readonly client_id: string;
  readonly message_thread_id: string;
  readonly message_id: string | null;
}

interface Stored {
  readonly log: readonly LogRow[];
  readonly ends: readonly { readonly enterprise_id: string; readonly sequence: number; readonly created: number }[];
  readonly threads: readonly ThreadColumns[];
  readonly messages: readonly { readonly id: string; readonly created: number; readonly CreatedUtc: string }[];
}

interface ThreadColumns {
  readonly id: string;
  readonly created: number;
  readonly updated: number;
  readonly is_resolved: boolean;
  readonly document: MessageThread;
}

const everything = `SELECT json_build_object(
  'log', (SELECT coalesce(json_agg(entry ORDER BY enterprise_id, sequence), '[]') FROM property_log AS entry),
  'ends', (SELECT coalesce(json_agg(property), '[]') FROM property),
  'threads', (
    SELECT coalesce(json_agg(json_build_object('id', id, 'created', created, 'updated', updated,
      'is_resolved', is_resolved, 'document', document::json)), '[]') FROM message_thread),
  'messages', (
    SELECT coalesce(json_agg(json_build_object('id', id, 'created', created,
      'CreatedUtc', document::json -> 'CreatedUtc')), '[]') FROM message)
) AS stored`;

/**
 * Checks what must hold of a database whatever happened to it: the log of each property counts from 1 without a gap and
 * in the order of time, and says the same as the threads and messages do. Answers all logs.
 */
export async function checkStored(url: string): Promise<readonly LogRow[]> {
  const [row] = await sql<{ stored: Stored }>(url, everything);
  assert.ok(row);
  const { log, ends, threads, messages } = row.stored;

  const logs = Map.groupBy(log, ({ enterprise_id }) => enterprise_id);
  for (const { enterprise_id, sequence, created } of ends) {
    const entries = logs.get(enterprise_id) ?? [];
    const numbers = entries.map((entry) => entry.sequence);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
      "the log has no gap and no number twice",
    );
    const times = entries.map((entry) => entry.created);
    assert.ok(
      times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0)),
      "time follows the log",
    );
    assert.deepEqual([sequence, created], [numbers.at(-1) ?? 0, times.at(-1) ?? 0], "the end is that of the log");
  }
  assert.ok([...logs.keys()].every((id) => ends.some(({ enterprise_id }) => enterprise_id === id)));

  const ofThreads = Map.groupBy(log, ({ message_thread_id }) => message_thread_id);
  assert.equal(ofThreads.size, threads.length);
  for (const { id, created, updated, is_resolved, document } of threads) {
    const entries = ofThreads.get(id) ?? [];
    assert.deepEqual(
      entries.map(({ kind }) => kind === "ThreadAdded"),
      entries.map((_, index) => index === 0),
    );
    const changes = entries.filter(({ kind }) => kind === "ThreadResolved" || kind === "ThreadReopened");
    const isResolved = changes.at(-1)?.kind === "ThreadResolved";
    assert.ok(
      changes.every(({ kind }, index) => (kind === "ThreadResolved") === (index % 2 === 0)),
      "only what is open is resolved",
    );
    // What colleagues tell each other changes nothing of the thread.
    const shared = entries.filter(({ kind }) => kind !== "NoteAdded" && kind !== "ThreadAssigned");
    const ends = [shared[0]?.created, shared.at(-1)?.created];
    assert.deepEqual([created, updated, is_resolved], [...ends, isResolved], "the thread is what its log says");
    const { CreatedUtc, UpdatedUtc, IsResolved } = document;
    assert.deepEqual(
      [CreatedUtc, UpdatedUtc, IsResolved],
      [formatDateTime(created), formatDateTime(updated), isResolved],
      "the document is what the thread is",
    );
  }

  const added = log.filter(({ kind }) => kind === "MessageAdded");
  assert.deepEqual(
    added.map((entry) => `${entry.message_id} ${entry.created} ${formatDateTime(entry.created)}`).toSorted(),
    messages.map((message) => `${message.id} ${message.created} ${message.CreatedUtc}`).toSorted(),
    "each message is in the log once",
  );
  return log;
}
