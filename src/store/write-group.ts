import { type Clock, increasingTime, type Microseconds, type NextTime } from "../clock.ts";
import { first, type Transaction } from "./db.ts";
import { updatedThreadDocument } from "./documents.ts";
import type { Scope } from "./scope.ts";
import { findThread, type ThreadRow } from "./threads.ts";
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
  updated: Microseconds;
  isResolved: boolean;
}

/**
 * What the writes of one transaction share: the ends of the logs they append to and the threads they change are each
 * read once and written back once, however many writes there are.
 */
export interface WriteGroup {
  readonly transaction: Transaction;
  readonly clock: Clock;
  /** Takes the next number and time of a property's log. Time never runs backwards, and none is given out twice. */
  append(enterpriseId: string, entry: LogEntry): Promise<Microseconds>;
  /** The thread, when it is in scope; changes to it are saved with the group. */
  thread(scope: Scope, id: string): Promise<GroupThread | undefined>;
  /** @returns what clients are to be told of, once it is committed */
  save(): Promise<LogChange[]>;
}

export const queries = {
  property: "SELECT sequence, created FROM property WHERE enterprise_id = ?1",
  insertProperty: "INSERT INTO property (enterprise_id, sequence, created) VALUES (?1, 0, 0)",
  updateProperty: "UPDATE property SET sequence = ?2, created = ?3 WHERE enterprise_id = ?1",
  insertLog: `
    INSERT INTO property_log (enterprise_id, sequence, created, kind, client_id, message_thread_id, message_id)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
  updateThread: `
    UPDATE message_thread SET updated = ?4, is_resolved = ?5, document = ?6
    WHERE enterprise_id = ?1 AND client_id = ?2 AND created = ?3`,
};

interface LogEnd {
  sequence: number;
  created: Microseconds;
}

/** Groups of one store share `nextTime`, so that lists of several properties are in the order of writing too. */
export function writeGroup(
  transaction: Transaction,
  clock: Clock,
  nextTime: NextTime = increasingTime(clock),
): WriteGroup {
  const ends = new Map<string, LogEnd>();
  const threads = new Map<string, GroupThread>();
  const changes = new Map<string, LogChange>();

  async function endOf(enterpriseId: string): Promise<LogEnd> {
    const known = ends.get(enterpriseId);
    if (known) return known;
    const row = await first<LogEnd>(transaction, queries.property, enterpriseId);
    if (!row) await transaction.run(queries.insertProperty, enterpriseId);
    const end = row ?? { sequence: 0, created: 0 };
    ends.set(enterpriseId, end);
    return end;
  }

  async function saveThread(thread: GroupThread): Promise<void> {
    const { row, updated, isResolved } = thread;
    if (updated === row.updated) return;
    await transaction.run(
      queries.updateThread,
      row.enterprise_id,
      row.client_id,
      row.created,
      updated,
      isResolved ? 1 : 0,
      documentOf(thread),
    );
  }

  return {
    transaction,
    clock,
    append: async (enterpriseId, { kind, clientId, messageThreadId, messageId }) => {
      const end = await endOf(enterpriseId);
      end.sequence += 1;
      end.created = nextTime(end.created);
      const { sequence, created } = end;
      const entry = [enterpriseId, sequence, created, kind, clientId, messageThreadId, messageId ?? null] as const;
      await transaction.run(queries.insertLog, ...entry);
      const key = `${enterpriseId} ${clientId}`;
      if (kind !== "ThreadAdded" && !changes.has(key)) changes.set(key, { enterpriseId, clientId, created });
      return created;
    },
    thread: async (scope, id) => {
      const known = threads.get(id);
      if (known && isInScope(scope, known.row)) return known;
      const row = await findThread(transaction, scope, id);
      if (!row) return undefined;
      const thread = { row, updated: row.updated, isResolved: row.is_resolved === 1 };
      threads.set(id, thread);
      return thread;
    },
    save: async () => {
      for (const thread of threads.values()) await saveThread(thread);
      for (const [enterpriseId, { sequence, created }] of ends) {
        await transaction.run(queries.updateProperty, enterpriseId, sequence, created);
      }
      const now = clock();
      for (const change of changes.values()) await markWaiting(transaction, change, now);
      return [...changes.values()];
    },
  };
}

/** The thread as the API answers it, with what the group has changed. */
export function documentOf({ row, updated, isResolved }: GroupThread): string {
  return updatedThreadDocument(row.document, updated, isResolved);
}

function isInScope({ clientId, enterpriseIds }: Scope, row: ThreadRow): boolean {
  return (clientId === null || clientId === row.client_id) && enterpriseIds.includes(row.enterprise_id);
}
