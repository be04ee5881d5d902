import type { Clock, Microseconds } from "../clock.ts";
import { invalid, type Problem } from "../errors.ts";
import type { SenderDiscriminator } from "../protocol/messages.ts";
import { first, type Transaction } from "./db.ts";
import { messageDocument, threadDocument, updatedThreadDocument } from "./documents.ts";
import { findAnswer, type Idempotency, keepAnswer } from "./idempotency-keys.ts";
import type { ClientScope, Scope } from "./scope.ts";
import { findThread, type ThreadRow } from "./threads.ts";

/** What a caller wants written, complete but for time and order, which the property's log gives. */
export type Write = OpenThread | AddMessages | SetResolved;

export interface OpenThread {
  readonly kind: "openThread";
  readonly scope: ClientScope;
  readonly enterpriseId: string;
  readonly id: string;
  readonly originalSender: string;
  readonly subject: string;
  readonly idempotency?: Idempotency;
}

export interface AddMessages {
  readonly kind: "addMessages";
  readonly scope: Scope;
  readonly sender: SenderDiscriminator;
  readonly messages: readonly NewMessage[];
  readonly idempotency?: Idempotency;
}

export interface NewMessage {
  readonly id: string;
  readonly messageThreadId: string;
  readonly text: string;
}

export interface SetResolved {
  readonly kind: "setResolved";
  readonly scope: Scope;
  readonly messageThreadId: string;
  readonly isResolved: boolean;
}

export interface Written {
  /** What was made or changed, as the API answers it, in the order of the write. */
  readonly documents: readonly string[];
  /** The answer to the first request with this idempotency key, when this is a repetition. */
  readonly replayed?: string;
}

type LogKind = "ThreadAdded" | "MessageAdded" | "ThreadResolved" | "ThreadReopened";

export const queries = {
  property: "SELECT sequence, created FROM property WHERE enterprise_id = ?1",
  insertProperty: "INSERT INTO property (enterprise_id, sequence, created) VALUES (?1, ?2, ?3)",
  updateProperty: "UPDATE property SET sequence = ?2, created = ?3 WHERE enterprise_id = ?1",
  insertLog: `
    INSERT INTO property_log (enterprise_id, sequence, created, kind, client_id, message_thread_id, message_id)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
  insertThread: `
    INSERT INTO message_thread (enterprise_id, client_id, created, id, updated, is_resolved, document)
    VALUES (?1, ?2, ?3, ?4, ?3, 0, ?5)`,
  updateThread: `
    UPDATE message_thread SET updated = ?4, is_resolved = ?5, document = ?6
    WHERE enterprise_id = ?1 AND client_id = ?2 AND created = ?3`,
  insertMessage: `
    INSERT INTO message (enterprise_id, message_thread_id, created, id, client_id, document)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
};

/** The ends of the property logs that one transaction appends to: each is read once and written back once. */
export interface PropertyLogs {
  /** Takes the next number and time of the property's log. Time never runs backwards and is given out once. */
  append(enterpriseId: string, entry: LogEntry): Promise<Microseconds>;
  save(): Promise<void>;
}

interface LogEntry {
  readonly kind: LogKind;
  readonly clientId: string;
  readonly messageThreadId: string;
  readonly messageId?: string;
}

interface LogEnd {
  sequence: number;
  created: Microseconds;
  readonly isNew: boolean;
}

export function propertyLogs(transaction: Transaction, clock: Clock): PropertyLogs {
  const ends = new Map<string, LogEnd>();

  async function endOf(enterpriseId: string): Promise<LogEnd> {
    const known = ends.get(enterpriseId);
    if (known) return known;
    const row = await first<{ sequence: number; created: number }>(transaction, queries.property, enterpriseId);
    const end = row ? { ...row, isNew: false } : { sequence: 0, created: 0, isNew: true };
    ends.set(enterpriseId, end);
    return end;
  }

  return {
    append: async (enterpriseId, { kind, clientId, messageThreadId, messageId }) => {
      const end = await endOf(enterpriseId);
      end.sequence += 1;
      end.created = Math.max(clock(), end.created + 1);
      const { sequence, created } = end;
      const entry = [enterpriseId, sequence, created, kind, clientId, messageThreadId, messageId ?? null] as const;
      await transaction.run(queries.insertLog, ...entry);
      return created;
    },
    save: async () => {
      for (const [enterpriseId, { sequence, created, isNew }] of ends) {
        await transaction.run(isNew ? queries.insertProperty : queries.updateProperty, enterpriseId, sequence, created);
      }
    },
  };
}

/**
 * Carries out one write within a transaction that others may share. It changes nothing before it knows that it can.
 * @throws Problem (invalid) for a thread out of scope, or an idempotency key that came with another body
 */
export async function applyWrite(transaction: Transaction, logs: PropertyLogs, clock: Clock, write: Write) {
  switch (write.kind) {
    case "openThread":
      return once(transaction, clock, write.enterpriseId, write, () => openThread(transaction, logs, write));
    case "addMessages": {
      const threads = await threadsOf(transaction, write);
      // Messages of one request may go to several enterprises; the first one keeps the key.
      const enterpriseId = threads[0]?.row.enterprise_id ?? "";
      return once(transaction, clock, enterpriseId, write, () => addMessages(transaction, logs, write, threads));
    }
    case "setResolved":
      return setResolved(transaction, logs, write);
  }
}

async function once(
  transaction: Transaction,
  clock: Clock,
  enterpriseId: string,
  { scope, idempotency }: { scope: Scope; idempotency?: Idempotency },
  work: () => Promise<string[]>,
): Promise<Written> {
  if (!idempotency || scope.clientId === null) return { documents: await work() };
  const owner = { enterpriseId, clientId: scope.clientId };
  const replayed = await findAnswer(transaction, clock, owner, idempotency);
  if (replayed !== undefined) return { documents: [], replayed };
  const documents = await work();
  await keepAnswer(transaction, clock, owner, idempotency, documents);
  return { documents };
}

async function openThread(transaction: Transaction, logs: PropertyLogs, write: OpenThread): Promise<string[]> {
  const { enterpriseId, id, originalSender, subject, scope } = write;
  const { clientId } = scope;
  const created = await logs.append(enterpriseId, { kind: "ThreadAdded", clientId, messageThreadId: id });
  const document = threadDocument(id, originalSender, subject, created);
  await transaction.run(queries.insertThread, enterpriseId, clientId, created, id, document);
  return [document];
}

/** A thread that messages go to, and what becomes of it. */
interface TargetThread {
  readonly row: ThreadRow;
  updated: Microseconds;
  isResolved: boolean;
}

/** The thread of each message, in order; messages of one thread share it. */
async function threadsOf(transaction: Transaction, write: AddMessages): Promise<TargetThread[]> {
  const known = new Map<string, TargetThread>();
  const threads: TargetThread[] = [];
  for (const [index, { messageThreadId }] of write.messages.entries()) {
    let thread = known.get(messageThreadId);
    if (!thread) {
      const row = await findThread(transaction, write.scope, messageThreadId);
      if (!row) throw noSuchThread(write.scope, messageThreadId, `Messages[${index}].MessageThreadId`);
      thread = { row, updated: row.updated, isResolved: row.is_resolved === 1 };
      known.set(messageThreadId, thread);
    }
    threads.push(thread);
  }
  return threads;
}

/** A client is told which property of its request is wrong; the property's own people know the thread by its id. */
function noSuchThread(scope: Scope, id: string, property: string): Problem {
  if (scope.clientId === null) return invalid(`There is no message thread ${id}.`);
  return invalid(`${property} is not the id of a message thread of yours.`);
}

async function addMessages(
  transaction: Transaction,
  logs: PropertyLogs,
  { messages, sender }: AddMessages,
  threads: readonly TargetThread[],
): Promise<string[]> {
  const documents: string[] = [];
  for (const [index, thread] of threads.entries()) {
    const message = messages[index];
    if (!message) continue;
    const { enterprise_id: enterpriseId, client_id: clientId, id: messageThreadId } = thread.row;
    if (sender === "Application" && thread.isResolved) {
      thread.isResolved = false;
      await logs.append(enterpriseId, { kind: "ThreadReopened", clientId, messageThreadId });
    }
    const entry = { kind: "MessageAdded", clientId, messageThreadId, messageId: message.id } as const;
    const created = await logs.append(enterpriseId, entry);
    const document = messageDocument(message.id, messageThreadId, message.text, sender, created);
    await transaction.run(
      queries.insertMessage,
      enterpriseId,
      messageThreadId,
      created,
      message.id,
      clientId,
      document,
    );
    thread.updated = created;
    documents.push(document);
  }
  for (const thread of new Set(threads)) await updateThread(transaction, thread);
  return documents;
}

async function setResolved(transaction: Transaction, logs: PropertyLogs, write: SetResolved): Promise<Written> {
  const row = await findThread(transaction, write.scope, write.messageThreadId);
  if (!row) throw noSuchThread(write.scope, write.messageThreadId, "MessageThreadId");
  const { isResolved } = write;
  if ((row.is_resolved === 1) === isResolved) return { documents: [row.document] };
  const kind = isResolved ? "ThreadResolved" : "ThreadReopened";
  const entry = { kind, clientId: row.client_id, messageThreadId: row.id } as const;
  const updated = await logs.append(row.enterprise_id, entry);
  return { documents: [await updateThread(transaction, { row, updated, isResolved })] };
}

async function updateThread(transaction: Transaction, { row, updated, isResolved }: TargetThread): Promise<string> {
  const document = updatedThreadDocument(row.document, updated, isResolved);
  await transaction.run(
    queries.updateThread,
    row.enterprise_id,
    row.client_id,
    row.created,
    updated,
    isResolved ? 1 : 0,
    document,
  );
  return document;
}
