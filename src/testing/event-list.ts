import type { Message } from "../protocol/connector/messages.ts";
import type { World } from "../sandbox/worlds/world.ts";
import { listEnterprises } from "../store/directory/directory.ts";
import { entriesAfter, type LogNumbers, type LogRow, logNumbers } from "../store/log/property-log.ts";

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

const pageSize = 1000;

/**
 * Follows the log of every property of a world.
 * @internal
 */
export async function eventList({ store, failed, onOver }: World): Promise<EventList> {
  const events: SandboxEvent[] = [];
  const listeners = new Set<(event: SandboxEvent) => void>();
  const properties = async () => (await listEnterprises(store.db)).map(({ id }) => id);
  const seen = new Map<string, number>(await ends(await properties()));
  let reading: Promise<void> = Promise.resolve();
  let isOver = false;

  function ends(enterpriseIds: readonly string[]): Promise<LogNumbers> {
    return logNumbers(store.db, { clientId: null, enterpriseIds });
  }

  async function read(): Promise<void> {
    for (const [id, end] of await ends(await properties())) {
      while ((seen.get(id) ?? 0) < end) {
        const rows = await entriesAfter(store.db, id, seen.get(id) ?? 0, pageSize);
        for (const row of rows) add(row);
        seen.set(id, rows.at(-1)?.sequence ?? end);
      }
    }
  }

  function add(row: LogRow): void {
    const event = eventOf(row);
    if (!event) return;
    events.push(event);
    for (const listener of listeners) listener(event);
  }

  function follow(): Promise<void> {
    reading = reading.then(read).catch((error: unknown) => {
      // A world that is over can't be read any more.
      if (!isOver) failed(error);
    });
    return reading;
  }

  store.onCommit(() => void follow());
  onOver(() => {
    isOver = true;
  });
  return {
    events,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    caughtUp: follow,
  };
}

/** Notes and assignments are the property's own. */
function eventOf({ kind, enterprise_id, message_thread_id, document }: LogRow): SandboxEvent | undefined {
  if (kind === "NoteAdded" || kind === "ThreadAssigned") return undefined;
  const Message = document === null ? null : (JSON.parse(document) as Message);
  return { Discriminator: kind, EnterpriseId: enterprise_id, MessageThreadId: message_thread_id, Message };
}
