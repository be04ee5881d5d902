import type { Clock, Microseconds, NextTime } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { firstRow, type Row, type Transaction } from "../db.ts";
import { markWaiting } from "../webhooks/queue.ts";
import { type GroupThread, readThreads, saveThreads } from "./group-threads.ts";
import { type KeptAnswers, keptAnswers } from "./idempotency-keys.ts";
import { keyOf, type LocatedWrite } from "./located-writes.ts";
import { isStale, lookAt } from "./summary-of-messages.ts";

type LogKind = "ThreadAdded" | "MessageAdded" | "ThreadResolved" | "ThreadReopened" | "NoteAdded" | "ThreadAssigned";

export interface LogEntry {
  readonly kind: LogKind;
  /** Whose events it is one of; that of zeros for what the property's people keep to themselves. */
  readonly clientId: string;
  readonly messageThreadId: string;
  /** Of a message or a note. */
  readonly messageId?: string;
  /** The colleague who did it. */
  readonly userId?: string;
  readonly assigneeId?: string;
}

/** The end of a property's log: the last number given out, and the last time. */
export interface LogEnd {
  readonly sequence: number;
  readonly created: Microseconds;
}

/** New entries of a log at an enterprise. */
export interface LogChange {
  readonly enterpriseId: string;
  /** Whom they are announced to; that of zeros where no client is to hear of them. */
  readonly clientId: string;
  /** The time of the first one. */
  readonly created: Microseconds;
}

/**
 * What the writes of one transaction share: everything they need is read at its start, under the lock of their
 * properties, and written back at its end, each in as few statements as there are kinds of rows. In between there is
 * nothing to wait for.
 */
export interface WriteGroup {
  readonly kept: KeptAnswers;
  /** Takes the next number and time of a property's log. Time never runs backwards, and none is given out twice. */
  append(enterpriseId: string, entry: LogEntry): LogEnd;
  /** The thread, when there is one; changes to it are saved with the group. */
  thread(enterpriseId: string, id: string): GroupThread | undefined;
  addThread(thread: GroupThread): void;
  addMessage(row: Row): void;
  addNote(row: Row): void;
  /** Whether a message or note of this id is there already. */
  isWritten(enterpriseId: string, id: string): boolean;
  /** @returns what is to be announced, once it is committed */
  save(): Promise<LogChange[]>;
}

export const queries = {
  property: "SELECT sequence, created FROM property WHERE enterprise_id = ?1 /*! FOR UPDATE */",
  insertProperty: `
    INSERT INTO property (enterprise_id, sequence, created) VALUES (?1, 0, 0) ON CONFLICT (enterprise_id) DO NOTHING`,
  updateProperty: "UPDATE property SET sequence = ?2, created = ?3 WHERE enterprise_id = ?1",
  written: `
    SELECT id FROM message WHERE enterprise_id = ?1 AND id = ?2
    UNION ALL
    SELECT id FROM note WHERE enterprise_id = ?1 AND id = ?2`,
};

type MutableLogEnd = { -readonly [K in keyof LogEnd]: LogEnd[K] };

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
      readThreads(transaction, writes),
      keptAnswers(transaction, clock, writes),
      writtenIds(transaction, writes),
    ]);
  let [ends, threads, kept, written] = await read();
  const openedAt = opened(writes);
  const missing = enterpriseIds.filter((id) => !ends.has(id) && openedAt.has(id));
  if (missing.length > 0) {
    // The first threads of these properties: whoever comes first makes the row, and everybody locks it. What was read
    // without that lock may be old.
    for (const id of missing) await transaction.run(queries.insertProperty, id);
    [ends, threads, kept, written] = await read();
  }
  await Promise.all(
    repliedTo(writes, threads)
      .filter(isStale)
      .map((thread) => lookAt(transaction, thread)),
  );
  const changes = new Map<string, LogChange>();
  const log: Row[] = [];
  const messages: Row[] = [];
  const notes: Row[] = [];

  function endOf(enterpriseId: string): MutableLogEnd {
    const end = ends.get(enterpriseId);
    if (!end) throw new Error(`The log of ${enterpriseId} is not part of the group.`);
    return end;
  }

  return {
    kept,
    append: (enterpriseId, { kind, clientId, messageThreadId, messageId, userId, assigneeId }) => {
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
        user_id: userId ?? null,
        assignee_id: assigneeId ?? null,
      });
      const listener = kind === "ThreadAdded" ? nilIdentifier : clientId;
      const key = keyOf(enterpriseId, listener);
      if (!changes.has(key)) changes.set(key, { enterpriseId, clientId: listener, created });
      return { sequence, created };
    },
    thread: (enterpriseId, id) => threads.get(keyOf(enterpriseId, id)),
    addThread: (thread) => threads.set(keyOf(thread.row.enterprise_id, thread.row.id), thread),
    addMessage: (row) => {
      messages.push(row);
      written.add(keyOf(String(row.enterprise_id), String(row.id)));
    },
    addNote: (row) => {
      notes.push(row);
      written.add(keyOf(String(row.enterprise_id), String(row.id)));
    },
    isWritten: (enterpriseId, id) => written.has(keyOf(enterpriseId, id)),
    save: async () => {
      await transaction.insert("property_log", log);
      await saveThreads(transaction, [...threads.values()]);
      await transaction.insert("message", messages);
      await transaction.insert("note", notes);
      for (const enterpriseId of new Set(log.map((entry) => String(entry.enterprise_id)))) {
        const { sequence, created } = endOf(enterpriseId);
        await transaction.run(queries.updateProperty, enterpriseId, sequence, created);
      }
      await kept.save(transaction);
      const now = clock();
      for (const change of changes.values()) {
        if (change.clientId !== nilIdentifier) await markWaiting(transaction, change, now);
      }
      return [...changes.values()];
    },
  };
}

/** Threads that somebody answers, for which it matters what their last message is. */
function repliedTo(writes: readonly LocatedWrite[], threads: ReadonlyMap<string, GroupThread>): GroupThread[] {
  const found = writes.flatMap(({ write, owner }) =>
    write.kind === "reply" ? (threads.get(keyOf(owner, write.messageThreadId)) ?? []) : [],
  );
  return [...new Set(found)];
}

/** Where threads are opened. */
function opened(writes: readonly LocatedWrite[]): ReadonlySet<string> {
  return new Set(writes.filter(({ write }) => write.kind === "openThread").map(({ owner }) => owner));
}

/** The ends of the logs that there are, locked in the same order by everybody, so that nobody waits in a circle. */
async function logEnds(
  transaction: Transaction,
  enterpriseIds: readonly string[],
): Promise<Map<string, MutableLogEnd>> {
  const rows = await Promise.all(enterpriseIds.map((id) => firstRow<MutableLogEnd>(transaction, queries.property, id)));
  return new Map(enterpriseIds.flatMap((id, index) => (rows[index] ? [[id, { ...rows[index] }] as const] : [])));
}

/** Which messages and notes that are to be written once are there already. */
async function writtenIds(transaction: Transaction, writes: readonly LocatedWrite[]): Promise<Set<string>> {
  const found = await Promise.all(
    writes.map(async ({ write, owner }) => {
      if (write.kind !== "reply" && write.kind !== "addNote") return [];
      const row = await firstRow(transaction, queries.written, owner, write.id);
      return row ? [keyOf(owner, write.id)] : [];
    }),
  );
  return new Set(found.flat());
}
