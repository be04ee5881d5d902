import type { WebSocket } from "ws";
import type { Db } from "../store/db.ts";
import { eventsAfter, type LogEvent, type LogPosition, positionAfter } from "../store/log-events.ts";
import type { ClientScope } from "../store/scope.ts";
import { formatPosition } from "./position.ts";

/** How many events one frame has at most. */
const maxEvents = 100;

/** How much may wait for a client that does not read, in bytes. */
const maxBacklog = 1024 * 1024;

/** How long a client may take to read so much, in milliseconds. */
const backlogPatience = 5000;

/** One client's connection: what it may see, and how far it has seen it. */
export interface SocketSession {
  scope: ClientScope;
  /** Reads the log from where it stands and sends what is new. A hint: calling it too often costs a look. */
  wake(): void;
}

/**
 * Sends every event after `position`, once and in the order of each property's log. All that is remembered is the
 * position, so there is no seam between what was missed and what comes live (contract, section 6).
 */
export function socketSession(
  db: Db,
  socket: WebSocket,
  scope: ClientScope,
  start: LogPosition,
  failed: (error: unknown) => void,
): SocketSession {
  let position = start;
  let isReading = false;
  let isAwake = false;

  async function read(): Promise<void> {
    while (isAwake && socket.readyState === socket.OPEN) {
      isAwake = false;
      const events = await eventsAfter(db, session.scope, position, maxEvents);
      if (events.length === 0) continue;
      position = positionAfter(position, events);
      isAwake ||= events.length === maxEvents;
      await send(events.filter(({ kind }) => kind === "MessageAdded"));
    }
  }

  async function send(events: readonly LogEvent[]): Promise<void> {
    if (events.length === 0) return;
    const sent = new Promise((resolve) => socket.send(frameOf(events, position), resolve));
    if (socket.bufferedAmount <= maxBacklog) return;
    const timer = setTimeout(() => socket.terminate(), backlogPatience);
    await sent;
    clearTimeout(timer);
  }

  const session: SocketSession = {
    scope,
    wake: () => {
      isAwake = true;
      if (isReading) return;
      isReading = true;
      read()
        .catch((error) => {
          // It comes back and goes on from the last position that it got.
          failed(error);
          socket.close(1011, "The server can't read right now; connect again.");
        })
        .finally(() => {
          isReading = false;
        });
    },
  };
  return session;
}

function frameOf(events: readonly LogEvent[], position: LogPosition): string {
  return JSON.stringify({
    Events: events.map(({ message_id, message_thread_id }) => ({
      Type: "Message",
      Id: message_id,
      MessageThreadId: message_thread_id,
    })),
    Position: formatPosition(position),
  });
}
