import type { Message } from "../protocol/connector/messages.ts";
import { logReader } from "../sandbox/autopilot/log-reader.ts";
import type { World } from "../sandbox/worlds/world.ts";
import type { LogRow } from "../store/log/property-log.ts";

/** Something that happened at a property. */
export interface SandboxEvent {
  readonly Discriminator: "ThreadAdded" | "MessageAdded" | "ThreadResolved" | "ThreadReopened";
  readonly EnterpriseId: string;
  readonly MessageThreadId: string;
  /** What was said, of `MessageAdded`. */
  readonly Message: Message | null;
}

/** All that happens in a world from now on, in the order of each property's log. */
export interface EventList {
  readonly events: readonly SandboxEvent[];
  /** Calls `listener` with each event that comes. @returns what ends it */
  onEvent(listener: (event: SandboxEvent) => void): () => void;
  /** Resolves when everything that was committed so far is in the list. */
  caughtUp(): Promise<void>;
}

/**
 * Follows the log of every property of a world.
 * @internal
 */
export async function eventList({ store, failed, onOver }: World): Promise<EventList> {
  const events: SandboxEvent[] = [];
  const listeners = new Set<(event: SandboxEvent) => void>();
  // A world that is over can't be read any more.
  const over = new AbortController();
  onOver(() => over.abort());
  const log = logReader({ store, failed }, add, over.signal);
  store.onCommit(log.heard);
  await log.idle();

  function add(row: LogRow): void {
    const event = eventOf(row);
    if (!event) return;
    events.push(event);
    for (const listener of listeners) listener(event);
  }

  return {
    events,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    caughtUp: log.idle,
  };
}

/** Notes and assignments are the property's own. */
function eventOf({ kind, enterprise_id, message_thread_id, document }: LogRow): SandboxEvent | undefined {
  if (kind === "NoteAdded" || kind === "ThreadAssigned") return undefined;
  const Message = document === null ? null : (JSON.parse(document) as Message);
  return { Discriminator: kind, EnterpriseId: enterprise_id, MessageThreadId: message_thread_id, Message };
}
