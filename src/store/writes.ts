import { messageDocument, threadDocument } from "./documents.ts";
import {
  type AddMessages,
  type LocatedWrite,
  noSuchThread,
  type OpenThread,
  type SetResolved,
} from "./located-writes.ts";
import { documentOf, type GroupThread, type WriteGroup } from "./write-group.ts";

export interface Written {
  /** What was made or changed, as the API answers it, in the order of the write. */
  readonly documents: readonly string[];
  /** The answer to the first request with this idempotency key, when this is a repetition. */
  readonly replayed?: string;
}

/**
 * Carries out one write of a group. It changes nothing before it knows that it can.
 * @throws Problem (invalid) for a thread out of scope, or an idempotency key that came with another body
 */
export function applyWrite(group: WriteGroup, located: LocatedWrite): Written {
  const { write } = located;
  switch (write.kind) {
    case "openThread":
      return once(group, located, () => openThread(group, write));
    case "addMessages": {
      const threads = write.messages.map(({ messageThreadId }, index) =>
        threadOf(group, located, write, messageThreadId, index),
      );
      return once(group, located, () => addMessages(group, write, threads));
    }
    case "setResolved":
      return setResolved(group, write, threadOf(group, located, write, write.messageThreadId, 0));
  }
}

function once({ kept }: WriteGroup, located: LocatedWrite, work: () => string[]): Written {
  const replayed = kept.find(located);
  if (replayed !== undefined) return { documents: [], replayed };
  const documents = work();
  kept.keep(located, documents);
  return { documents };
}

function openThread(group: WriteGroup, write: OpenThread): string[] {
  const { enterpriseId, id, originalSender, subject, scope } = write;
  const { clientId } = scope;
  const created = group.append(enterpriseId, { kind: "ThreadAdded", clientId, messageThreadId: id });
  const document = threadDocument(id, originalSender, subject, created);
  const keys = { enterprise_id: enterpriseId, client_id: clientId, created, id };
  group.addThread({ ...keys, updated: created, is_resolved: 0, document });
  return [document];
}

/** The thread that a write names; one of another client is as good as none. */
function threadOf(
  group: WriteGroup,
  { enterpriseOf }: LocatedWrite,
  write: AddMessages | SetResolved,
  id: string,
  index: number,
): GroupThread {
  const thread = group.thread(enterpriseOf(id), id);
  const { clientId } = write.scope;
  if (!thread || (clientId !== null && clientId !== thread.row.client_id)) throw noSuchThread(write, index);
  return thread;
}

function addMessages(group: WriteGroup, { messages, sender }: AddMessages, threads: readonly GroupThread[]): string[] {
  return threads.flatMap((thread, index) => {
    const message = messages[index];
    if (!message) return [];
    const { enterprise_id, client_id: clientId, id: messageThreadId } = thread.row;
    if (sender === "Application" && thread.isResolved) {
      thread.isResolved = false;
      group.append(enterprise_id, { kind: "ThreadReopened", clientId, messageThreadId });
    }
    const entry = { kind: "MessageAdded", clientId, messageThreadId, messageId: message.id } as const;
    thread.updated = group.append(enterprise_id, entry);
    const created = thread.updated;
    const document = messageDocument(message.id, messageThreadId, message.text, sender, created);
    const keys = { enterprise_id, message_thread_id: messageThreadId, created, id: message.id };
    group.addMessage({ ...keys, client_id: clientId, document });
    return [document];
  });
}

function setResolved(group: WriteGroup, { isResolved }: SetResolved, thread: GroupThread): Written {
  if (thread.isResolved !== isResolved) {
    const kind = isResolved ? "ThreadResolved" : "ThreadReopened";
    const { enterprise_id, client_id: clientId, id: messageThreadId } = thread.row;
    thread.updated = group.append(enterprise_id, { kind, clientId, messageThreadId });
    thread.isResolved = isResolved;
  }
  return { documents: [documentOf(thread)] };
}
