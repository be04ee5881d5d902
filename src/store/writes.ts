import { invalid, type Problem } from "../errors.ts";
import type { SenderDiscriminator } from "../protocol/messages.ts";
import { messageDocument, threadDocument } from "./documents.ts";
import { findAnswer, type Idempotency, keepAnswer } from "./idempotency-keys.ts";
import type { ClientScope, Scope } from "./scope.ts";
import { documentOf, type GroupThread, type WriteGroup } from "./write-group.ts";

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

export const queries = {
  insertThread: `
    INSERT INTO message_thread (enterprise_id, client_id, created, id, updated, is_resolved, document)
    VALUES (?1, ?2, ?3, ?4, ?3, 0, ?5)`,
  insertMessage: `
    INSERT INTO message (enterprise_id, message_thread_id, created, id, client_id, document)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
};

/**
 * Carries out one write of a group. It changes nothing before it knows that it can.
 * @throws Problem (invalid) for a thread out of scope, or an idempotency key that came with another body
 */
export async function applyWrite(group: WriteGroup, write: Write): Promise<Written> {
  switch (write.kind) {
    case "openThread":
      return once(group, write.enterpriseId, write, () => openThread(group, write));
    case "addMessages": {
      const threads = await threadsOf(group, write);
      // Messages of one request may go to several enterprises; the first one keeps the key.
      const enterpriseId = threads[0]?.row.enterprise_id ?? "";
      return once(group, enterpriseId, write, () => addMessages(group, write, threads));
    }
    case "setResolved":
      return setResolved(group, write);
  }
}

async function once(
  { transaction, clock }: WriteGroup,
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

async function openThread(group: WriteGroup, write: OpenThread): Promise<string[]> {
  const { enterpriseId, id, originalSender, subject, scope } = write;
  const { clientId } = scope;
  const created = await group.append(enterpriseId, { kind: "ThreadAdded", clientId, messageThreadId: id });
  const document = threadDocument(id, originalSender, subject, created);
  await group.transaction.run(queries.insertThread, enterpriseId, clientId, created, id, document);
  return [document];
}

/** The thread of each message, in order. */
async function threadsOf(group: WriteGroup, { scope, messages }: AddMessages): Promise<GroupThread[]> {
  const threads: GroupThread[] = [];
  for (const [index, { messageThreadId }] of messages.entries()) {
    const thread = await group.thread(scope, messageThreadId);
    if (!thread) throw noSuchThread(scope, messageThreadId, `Messages[${index}].MessageThreadId`);
    threads.push(thread);
  }
  return threads;
}

async function addMessages(
  group: WriteGroup,
  { messages, sender }: AddMessages,
  threads: readonly GroupThread[],
): Promise<string[]> {
  const documents: string[] = [];
  for (const [index, thread] of threads.entries()) {
    const message = messages[index];
    if (message) documents.push(await addMessage(group, thread, sender, message));
  }
  return documents;
}

async function addMessage(group: WriteGroup, thread: GroupThread, sender: SenderDiscriminator, message: NewMessage) {
  const { enterprise_id: enterpriseId, client_id: clientId, id: messageThreadId } = thread.row;
  if (sender === "Application" && thread.isResolved) {
    thread.isResolved = false;
    await group.append(enterpriseId, { kind: "ThreadReopened", clientId, messageThreadId });
  }
  const entry = { kind: "MessageAdded", clientId, messageThreadId, messageId: message.id } as const;
  thread.updated = await group.append(enterpriseId, entry);
  const document = messageDocument(message.id, messageThreadId, message.text, sender, thread.updated);
  const row = [enterpriseId, messageThreadId, thread.updated, message.id, clientId, document] as const;
  await group.transaction.run(queries.insertMessage, ...row);
  return document;
}

async function setResolved(group: WriteGroup, { scope, messageThreadId, isResolved }: SetResolved): Promise<Written> {
  const thread = await group.thread(scope, messageThreadId);
  if (!thread) throw noSuchThread(scope, messageThreadId, "MessageThreadId");
  if (thread.isResolved !== isResolved) {
    const kind = isResolved ? "ThreadResolved" : "ThreadReopened";
    const { enterprise_id: enterpriseId, client_id: clientId } = thread.row;
    thread.updated = await group.append(enterpriseId, { kind, clientId, messageThreadId });
    thread.isResolved = isResolved;
  }
  return { documents: [documentOf(thread)] };
}

/** A client is told which property of its request is wrong; the property's own people know the thread by its id. */
function noSuchThread(scope: Scope, id: string, property: string): Problem {
  if (scope.clientId === null) return invalid(`There is no message thread ${id}.`);
  return invalid(`${property} is not the id of a message thread of yours.`);
}
