import type { Call } from "./conduct.ts";
import { objectIn, objectsIn, textIn } from "./json-object.ts";

/** A request that adds something. */
export interface AddCall extends Call {
  readonly operation: string;
  /** Each thing that it would add: the same for those who add the same again. */
  readonly things: readonly Thing[];
  readonly idempotencyKey: string | undefined;
}

export interface Thing {
  readonly key: string;
  /** Of a message: its thread. Empty for a thread. */
  readonly threadId: string;
}

/** All requests that add threads or messages, whatever they were answered. */
export function addCalls(calls: readonly Call[]): readonly AddCall[] {
  return calls.flatMap((call) => {
    const operation = call.entry.Operation ?? "";
    if (operation !== "messages/add" && operation !== "messageThreads/add") return [];
    const things = operation === "messages/add" ? messagesIn(call) : [threadIn(call)];
    return [{ ...call, operation, things, idempotencyKey: call.entry.RequestHeaders["idempotency-key"] }];
  });
}

export function hasInCommon(a: AddCall, b: AddCall): boolean {
  return a.things.some(({ key }) => b.things.some((other) => other.key === key));
}

/** The identifiers of the messages that it added, as it was answered. */
export function addedMessages({ answer }: Call): readonly unknown[] {
  return objectsIn(answer?.Messages).map(({ Message }) => objectIn(Message)?.Id);
}

function messagesIn({ body }: Call): readonly Thing[] {
  return objectsIn(body.Messages).map(({ MessageThreadId, Text }) => {
    const threadId = textIn(MessageThreadId)?.toLowerCase() ?? "";
    return { key: JSON.stringify([threadId, Text]), threadId };
  });
}

function threadIn({ body }: Call): Thing {
  return { key: JSON.stringify([body.OriginalSender, body.Subject, body.EnterpriseId]), threadId: "" };
}
