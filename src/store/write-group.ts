import type { Clock, Microseconds, NextTime } from "../clock.ts";
import { first, type Row, type Transaction } from "./db.ts";
import { updatedThreadDocument } from "./documents.ts";
import { type KeptAnswers, keptAnswers } from "./idempotency-keys.ts";
import { keyOf, type LocatedWrite } from "./located-writes.ts";
import { type ThreadRow, threadColumns } from "./threads.ts";
import { markWaiting } from "./webhook-queue.ts";

type LogKind = "ThreadAdded" | "MessageAdded" | "ThreadResolved" | "ThreadReopened";

export interface LogEntry {
  readonly kind: LogKind;
  readonly clientId: string;
  readonly messageThreadId: string;
  readonly messageId?: string;
}

/** New events of a client at an enterprise. */
export interface LogChange {
  readonly enterpriseId: string;
  readonly clientId: string;
  /** The time of the first one. */
  readonly created: Microseconds;
}

/** A thread as the writes of the group so far leave it. */
export interface GroupThread {
  readonly row: ThreadRow;
  readonly isNew: boolean;
  updated: Microseconds;
  isResolved: boolean;
}

/**
 * What the writes of one transaction share: everything they need is read at its start, under the lock of their
 * properties, and written back at its end, each in as few statements as there are kinds of rows. In between there is
 * nothing to wait for.
 */
export interface WriteGroup {
  readonly kept: KeptAnswers;
  /** Takes the next number and time of a property's log. Time never runs backwards, and none is given out twice. */
  append(enterpriseId: string, entry: LogEntry): Microseconds;
  /** The thread, when there is one; changes to it are saved with the group. */
  thread(enterpriseId: string, id: string): GroupThread | undefined;
  addThread(row: ThreadRow): void;
  addMessage(row: Row): void;
  /** @returns what clients are to be told of, once it is committed */
  save(): Promise<LogChange[]>;
}

export const queries = {
  property: "SELECT sequence, created FROM property WHERE enterprise_id = ?1 /*! FOR UPDATE */",
  insertProperty: `
    INSERT INTO property (enterprise_id, sequence, created) VALUES (?1, 0, 0) ON CONFLICT (enterprise_id) DO NOTHING`,
  updateProperty: "UPDATE property SET sequence = ?2, created = ?3 WHERE enterprise_id = ?1",
  threads: `
    SELECT ${threadColumns} FROM json_each(?2) AS wanted
    CROSS JOIN message_thread AS thread ON thread.enterprise_id = ?1 AND thread.id = wanted.value`,
};

/** What of a thread changes, and by what it is found. */
const threadKey = ["enterprise_id", "client_id", "created"];
const threadChanges = ["updated", "is_resolved", "document"];

interface LogEnd {
  sequence: number;
  created: Microseconds;
}

/**
 * Reads what the writes need. Groups of one store share `nextTime`, so that lists of several properties are in the
 * order of writing too.
 */
export async function writeGroup(
  transaction: Transaction,
  clock: Clock,
  nextTime: NextTime,
  writes: readonly LocatedWrite[],
): Promise<WriteGroup> {
  const enterpriseIds = [...new Set(writes.flatMap((write) => [...write.threadIds.keys()]))].sort();
  const read = () =>
    Promise.all([
      logEnds(transaction, enterpriseIds),
      threadsOf(transaction, writes),
      keptAnswers(transaction, clock, writes),
    ]);
  let [ends, threads, kept] = await read();
  const openedAt = opened(writes);
  const missing = enterpriseIds.filter((id) => !ends.has(id) && openedAt.has(id));
  if (missing.length > 0) {
    // The first threads of these properties: whoever comes first makes the row, and everybody locks it. What was read
    // without that lock may be old.
    for (const id of missing) await transaction.run(queries.insertProperty, id);
    [ends, threads, kept] = await read();
  }
  const changes = new Map<string, LogChange>();
  const log: Row[] = [];
  const messages: Row[] = [];

  function endOf(enterpriseId: string): LogEnd {
    const end = ends.get(enterpriseId);
    if (!end) throw new Error(`The log of ${enterpriseId} is not part of the group.`);
    return end;
  }

  return {
    kept,
    append: (enterpriseId, { kind, clientId, messageThreadId, messageId }) => {
      const end = endOf(enterpriseId);
      end.sequence += 1;
      end.created = nextTime(end.created);
      const { sequence, created } = end;
      log.push({
        enterprise_id: enterpriseId,
        sequence,
        created,
        kind,
        client_id: clientId,
        message_thread_id: messageThreadId,
        message_id: messageId ?? null,
      });
      const key = keyOf(enterpriseId, clientId);
      if (kind !== "ThreadAdded" && !changes.has(key)) changes.set(key, { enterpriseId, clientId, created });
      return created;
    },
    thread: (enterpriseId, id) => threads.get(keyOf(enterpriseId, id)),
    addThread: (row) => {
      threads.set(keyOf(row.enterprise_id, row.id), { row, isNew: true, updated: row.updated, isResolved: false });
    },
    addMessage: (row) => messages.push(row),
    save: async () => {
      await transaction.insert("property_log", log);
      await transaction.insert("message_thread", [...threads.values()].filter(({ isNew }) => isNew).map(savedThread));
      const changed = [...threads.values()].filter(({ isNew, updated, row }) => !isNew && updated !== row.updated);
      await transaction.update("message_thread", threadKey, threadChanges, changed.map(savedThread));
      await transaction.insert("message", messages);
      for (const enterpriseId of new Set(log.map((entry) => String(entry.enterprise_id)))) {
        const { sequence, created } = endOf(enterpriseId);
        await transaction.run(queries.updateProperty, enterpriseId, sequence, created);
      }
      await kept.save(transaction);
      const now = clock();
      for (const change of changes.values()) await markWaiting(transaction, change, now);
      return [...changes.values()];
    },
  };
}

/** Where threads are opened. */
function opened(writes: readonly LocatedWrite[]): ReadonlySet<string> {
  return new Set(writes.filter(({ write }) => write.kind === "openThread").map(({ owner }) => owner));
}

/** The ends of the logs that there are, locked in the same order by everybody, so that nobody waits in a circle. */
async function logEnds(transaction: Transaction, enterpriseIds: readonly string[]): Promise<Map<string, LogEnd>> {
  const rows = await Promise.all(enterpriseIds.map((id) => first<LogEnd>(transaction, queries.property, id)));
  return new Map(enterpriseIds.flatMap((id, index) => (rows[index] ? [[id, { ...rows[index] }] as const] : [])));
}

async function threadsOf(transaction: Transaction, writes: readonly LocatedWrite[]): Promise<Map<string, GroupThread>> {
  const wanted = new Map<string, Set<string>>();
  for (const { threadIds } of writes) {
    for (const [enterpriseId, ids] of threadIds) {
      if (ids.length > 0) wanted.set(enterpriseId, new Set([...(wanted.get(enterpriseId) ?? []), ...ids]));
    }
  }
  const lists = await Promise.all(
    [...wanted].map(([enterpriseId, ids]) =>
      transaction.all<ThreadRow>(queries.threads, enterpriseId, JSON.stringify([...ids])),
    ),
  );
  return new Map(
    lists.flat().map((row) => {
      const { updated, is_resolved } = row;
      return [keyOf(row.enterprise_id, row.id), { row, isNew: false, updated, isResolved: is_resolved === 1 }];
    }),
  );
}

/** The thread as the API answers it, with what the group has changed. */
export function documentOf({ row, updated, isResolved }: GroupThread): string {
  return updatedThreadDocument(row.document, updated, isResolved);
}

function savedThread(thread: GroupThread): Row {
  const { row, updated, isResolved } = thread;
  const isAsMade = updated === row.updated;
  return { ...row, updated, is_resolved: isResolved ? 1 : 0, document: isAsMade ? row.document : documentOf(thread) };
}
