import { invalid, type Problem } from "../../core/problem.ts";
import type { SenderDiscriminator } from "../../protocol/connector/messages.ts";
import type { Reader } from "../db.ts";
import { locateThreads } from "../lists/threads.ts";
import type { ClientScope, PropertyScope, Scope } from "../scope.ts";
import type { Idempotency } from "./idempotency-keys.ts";

/** What a caller wants written, complete but for time and order, which the property's log gives. */
export type Write = OpenThread | AddMessages | StaffWrite;

/** What the property's own people do in one thread. */
export type StaffWrite = Reply | AddNote | Assign | SetResolved;

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

/** A colleague answers the guest. The same `id` again adds nothing. */
export interface Reply {
  readonly kind: "reply";
  readonly scope: PropertyScope;
  readonly messageThreadId: string;
  readonly id: string;
  readonly userId: string;
  readonly text: string;
  /** The last entry of the property's log that the writer has seen. */
  readonly seen: number;
  readonly resolves: boolean;
}

/** For colleagues; no client hears of it. The same `id` again adds nothing. */
export interface AddNote {
  readonly kind: "addNote";
  readonly scope: PropertyScope;
  readonly messageThreadId: string;
  readonly id: string;
  readonly userId: string;
  readonly text: string;
}

export interface Assign {
  readonly kind: "assign";
  readonly scope: PropertyScope;
  readonly messageThreadId: string;
  readonly userId: string;
  /** Nobody is the identifier of zeros. */
  readonly assigneeId: string;
}

export interface SetResolved {
  readonly kind: "setResolved";
  readonly scope: Scope;
  readonly messageThreadId: string;
  readonly isResolved: boolean;
  /** The colleague who does it, where it is known. */
  readonly userId?: string;
}

/** A write, and the properties that it is about: their logs are locked before anything else is read. */
export interface LocatedWrite {
  readonly write: Write;
  /** For each property, the threads there that the write needs. */
  readonly threadIds: ReadonlyMap<string, readonly string[]>;
  /** Where a thread is. */
  readonly enterpriseOf: (threadId: string) => string;
  /** Whose property keeps the idempotency key: the first one's, since messages may go to several. */
  readonly owner: string;
}

/**
 * Finds out which properties a write is about. A thread never moves, so this holds whatever happens until the write.
 * @throws Problem (invalid) naming the first thread that is out of scope
 */
export async function located(db: Reader, write: Write): Promise<LocatedWrite> {
  if (write.kind === "openThread") return at(write, write.enterpriseId, []);
  const ids =
    write.kind === "addMessages" ? write.messages.map((message) => message.messageThreadId) : [write.messageThreadId];
  const [only, ...others] = write.scope.enterpriseIds;
  if (only !== undefined && others.length === 0) return at(write, only, ids);

  const rows = await locateThreads(db, write.scope, ids);
  const enterpriseIds = new Map(rows.map(({ id, enterprise_id }) => [id, enterprise_id]));
  const missing = ids.findIndex((id) => !enterpriseIds.has(id));
  if (missing >= 0) throw noSuchThread(write, missing);
  const enterpriseOf = (threadId: string) => enterpriseIds.get(threadId) ?? "";
  const threadIds = new Map(
    [...Map.groupBy(rows, ({ enterprise_id }) => enterprise_id)].map(([id, some]) => [id, some.map((row) => row.id)]),
  );
  return { write, threadIds, enterpriseOf, owner: enterpriseOf(ids[0] ?? "") };
}

/** A write at one property. Whether the threads are there is seen when they are read. */
function at(write: Write, enterpriseId: string, ids: readonly string[]): LocatedWrite {
  return { write, threadIds: new Map([[enterpriseId, ids]]), enterpriseOf: () => enterpriseId, owner: enterpriseId };
}

/** A client is told which property of its request is wrong; the property's own people know the thread by its id. */
export function noSuchThread(write: AddMessages | StaffWrite, index: number): Problem {
  const isMessage = write.kind === "addMessages";
  if (write.scope.clientId !== null) {
    const property = isMessage ? `Messages[${index}].MessageThreadId` : "MessageThreadId";
    return invalid(`${property} is not the id of a message thread of yours.`);
  }
  const id = isMessage ? write.messages[index]?.messageThreadId : write.messageThreadId;
  return invalid(`There is no message thread ${id}.`);
}

/** Names one of several things within a group. */
export function keyOf(...parts: readonly string[]): string {
  return parts.join(" ");
}
