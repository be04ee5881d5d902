import type { IdentifierSource } from "../core/identifiers.ts";
import type { PropertyScope } from "../store/scope.ts";
import type { AddMessages, NewMessage, OpenThread } from "../store/writing/located-writes.ts";
import type { Writer } from "../store/writing/write-queue.ts";
import type { Written } from "../store/writing/writes.ts";

/** What a conversation needs: where it is kept, and names for new things. */
export interface Conversations {
  readonly store: Writer;
  readonly newIdentifier: IdentifierSource;
}

/** Opens a thread on behalf of a guest, unresolved. */
export function openThread(
  { store, newIdentifier }: Conversations,
  thread: Omit<OpenThread, "kind" | "id">,
): Promise<Written> {
  return store.write({ ...thread, kind: "openThread", id: newIdentifier() });
}

/**
 * Adds messages, all or none. Those of an application open a resolved thread again; those of the property leave it.
 * @throws Problem (invalid) naming the first message whose thread is out of scope
 */
export function addMessages(
  { store, newIdentifier }: Conversations,
  addition: Omit<AddMessages, "kind" | "messages"> & { readonly messages: readonly Omit<NewMessage, "id">[] },
): Promise<Written> {
  const messages = addition.messages.map((message) => ({ ...message, id: newIdentifier() }));
  return store.write({ ...addition, kind: "addMessages", messages });
}

/** The property answers a guest. @throws Problem (invalid) for a thread that is not of these properties */
export async function reply(
  conversations: Conversations,
  scope: PropertyScope,
  messageThreadId: string,
  text: string,
): Promise<string> {
  const { documents } = await addMessages(conversations, {
    scope,
    sender: "Enterprise",
    messages: [{ messageThreadId, text }],
  });
  return documents[0] ?? "";
}

/** The property closes a thread or opens it again. @throws Problem (invalid) for a thread not of these properties */
export async function setResolved(
  { store }: Conversations,
  scope: PropertyScope,
  messageThreadId: string,
  isResolved: boolean,
): Promise<string> {
  const { documents } = await store.write({ kind: "setResolved", scope, messageThreadId, isResolved });
  return documents[0] ?? "";
}
