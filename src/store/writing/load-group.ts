import type { Clock } from "../../core/clock.ts";
import type { AddedMessage, AddedNote } from "../../messaging/decide.ts";
import type { LogEnd, LogEntry } from "../../messaging/log.ts";
import { firstRow, type Transaction } from "../db.ts";
import { query } from "../query.ts";
import { compositeKey } from "./composite-key.ts";
import { type KeptAnswers, keptAnswers } from "./idempotency-keys.ts";
import { beginLog, lockLogs } from "./log-ends.ts";
import { recomputeSummary } from "./recompute-summary.ts";
import type { RoutedWrite } from "./route-writes.ts";
import { isStale, readThreads, type StoredThread } from "./thread-rows.ts";

/** All that the writes of one transaction need, and what they have come to so far. Nothing else has it. */
export interface Group {
  /** By property. */
  readonly logEnds: Map<string, LogEnd>;
  /** By property and id. */
  readonly threads: Map<string, StoredThread>;
  readonly kept: KeptAnswers;
  /** Messages and notes that are there already, by property and id; of the stored ones only those that are asked for. */
  readonly writtenIds: Set<string>;
  readonly entries: LogEntry[];
  readonly messages: AddedMessage[];
  readonly notes: AddedNote[];
}

export const queries = {
  written: query<{ readonly id: string }, { enterpriseId: string; id: string }>`
    SELECT id FROM message WHERE enterprise_id = :enterpriseId AND id = :id
    UNION ALL
    SELECT id FROM note WHERE enterprise_id = :enterpriseId AND id = :id`,
};

/** Locks the logs of the properties that the writes are about, and reads what the writes need, each thing once. */
export async function loadGroup(
  transaction: Transaction,
  writes: readonly RoutedWrite[],
  clock: Clock,
): Promise<Group> {
  const enterpriseIds = [...new Set(writes.flatMap(({ owner, enterpriseIds }) => [owner, ...enterpriseIds]))].sort();
  const read = () =>
    Promise.all([
      lockLogs(transaction, enterpriseIds),
      readNamedThreads(transaction, writes),
      keptAnswers(transaction, clock, writes),
      readWrittenIds(transaction, writes),
    ]);
  let [logEnds, threads, kept, writtenIds] = await read();
  const missing = beginnings(writes).filter((enterpriseId) => !logEnds.has(enterpriseId));
  if (missing.length > 0) {
    // These properties get their first threads. What was read before their logs could be locked may have changed since.
    for (const enterpriseId of missing) await beginLog(transaction, enterpriseId);
    [logEnds, threads, kept, writtenIds] = await read();
  }
  await recomputeStaleSummaries(transaction, writes, threads);
  return { logEnds, threads, kept, writtenIds, entries: [], messages: [], notes: [] };
}

/** The properties where threads are opened, in the order in which all transactions begin logs. */
function beginnings(writes: readonly RoutedWrite[]): string[] {
  const opening = writes.filter(({ command }) => command.kind === "openThread");
  return [...new Set(opening.map(({ owner }) => owner))].sort();
}

async function readNamedThreads(
  transaction: Transaction,
  writes: readonly RoutedWrite[],
): Promise<Map<string, StoredThread>> {
  const named = new Map<string, Set<string>>();
  for (const { threadIds, enterpriseIds } of writes) {
    for (const [index, id] of threadIds.entries()) {
      const enterpriseId = enterpriseIds[index] ?? "";
      const ids = named.get(enterpriseId);
      if (ids) ids.add(id);
      else named.set(enterpriseId, new Set([id]));
    }
  }
  const lists = await Promise.all(
    [...named].map(([enterpriseId, ids]) => readThreads(transaction, enterpriseId, [...ids])),
  );
  return new Map(lists.flat().map((stored) => [compositeKey(stored.thread.enterpriseId, stored.thread.id), stored]));
}

/** Of the ids that replies and notes bring along, those that are stored already. */
async function readWrittenIds(transaction: Transaction, writes: readonly RoutedWrite[]): Promise<Set<string>> {
  const found = await Promise.all(
    writes.map(async ({ command, owner }) => {
      if (command.kind !== "reply" && command.kind !== "addNote") return [];
      const row = await firstRow(transaction, queries.written, { enterpriseId: owner, id: command.id });
      return row ? [compositeKey(owner, command.id)] : [];
    }),
  );
  return new Set(found.flat());
}

/** A reply depends on what the last message of its thread is, so the summary must be right. */
async function recomputeStaleSummaries(
  transaction: Transaction,
  writes: readonly RoutedWrite[],
  threads: Map<string, StoredThread>,
): Promise<void> {
  const answered = new Set(
    writes.flatMap(({ command, owner }) =>
      command.kind === "reply" ? [compositeKey(owner, command.messageThreadId)] : [],
    ),
  );
  await Promise.all(
    [...answered].map(async (key) => {
      const stored = threads.get(key);
      if (stored && isStale(stored)) threads.set(key, await recomputeSummary(transaction, stored));
    }),
  );
}
