import { setImmediate } from "node:timers/promises";
import type { WebSocket } from "ws";
import type { Microseconds } from "../../core/clock.ts";
import type { Reader } from "../../store/db.ts";
import { eventsAfter, type LogEvent, type LogPosition, positionAfter } from "../../store/log/log-events.ts";
import { formatPosition } from "../../store/log/position.ts";
import type { ClientScope } from "../../store/scope.ts";

/** How many events one frame has at most. */
const maxEvents = 100;

/** How much may wait for a client that does not read, in bytes. */
const maxBacklog = 1024 * 1024;

/** How long a client may take to read so much, in milliseconds. */
export const defaultBacklogPatience = 5000;

/** What a session needs of a WebSocket. */
export interface SessionSocket
  extends Pick<WebSocket, "OPEN" | "readyState" | "bufferedAmount" | "close" | "terminate"> {
  send(frame: string, sent: (error?: Error) => void): void;
}

/** Where a connection begins. */
export interface SocketStart {
  readonly position: LogPosition;
  /** The moment from which on it hears of enterprises that the position says nothing of; 0 for all that ever was. */
  readonly start: Microseconds;
}

/** What becomes of a client that does not read what it is sent. */
export interface Backlog {
  /** How long it may take to read `maxBacklog` bytes, in milliseconds. */
  readonly patience?: number;
  /** Told of a client that is disconnected, and how many bytes it has not taken. */
  readonly tooSlow?: (bytes: number) => void;
}

/** One client's connection: what it may see, and how far it has seen it. */
export interface SocketSession {
  scope: ClientScope;
  /** Sends what is new at these enterprises. A hint: calling it too often costs a look. */
  wake(enterpriseIds: Iterable<string>): void;
}

/**
 * Sends every event after its start, once and in the order of each property's log. All that is remembered is the
 * position, so there is no seam between what was missed and what comes live (contract, section 6).
 */
export function socketSession(
  reader: Reader,
  socket: SessionSocket,
  scope: ClientScope,
  { position: given, start }: SocketStart,
  failed: (error: unknown) => void,
  frameOf: FrameOf = currentFrame,
  { patience = defaultBacklogPatience, tooSlow }: Backlog = {},
): SocketSession {
  let position = given;
  let isReading = false;
  /** Where there may be something new: in a large portfolio, at few enterprises at a time. */
  const news = new Set<string>();

  async function read(): Promise<void> {
    isReading = true;
    try {
      while (news.size > 0 && socket.readyState === socket.OPEN) {
        const { clientId, enterpriseIds } = session.scope;
        const changed = enterpriseIds.filter((id) => news.has(id));
        news.clear();
        position = startedAt(position, changed, start);
        const events = await eventsAfter(reader, { clientId, enterpriseIds: changed }, position, maxEvents);
        if (events.length === 0) continue;
        if (events.length === maxEvents) for (const id of changed) news.add(id);
        position = positionAfter(position, events);
        await send(events.filter(({ kind }) => kind === "MessageAdded"));
        // However much there is to catch up with, others have a turn.
        if (events.length === maxEvents) await setImmediate();
      }
    } finally {
      // Set in the same turn as the last look at `news`: a `wake` before it is read here, one after it begins anew.
      isReading = false;
    }
  }

  async function send(events: readonly LogEvent[]): Promise<void> {
    if (events.length === 0) return;
    const sent = new Promise((resolve) => socket.send(frameOf(events, position), resolve));
    if (socket.bufferedAmount <= maxBacklog) return;
    const timer = setTimeout(() => {
      tooSlow?.(socket.bufferedAmount);
      socket.terminate();
    }, patience);
    await sent;
    clearTimeout(timer);
  }

  const session: SocketSession = {
    scope,
    wake: (enterpriseIds) => {
      for (const id of enterpriseIds) news.add(id);
      if (isReading) return;
      read().catch((error) => {
        // It comes back and goes on from the last position that it got.
        failed(error);
        socket.close(1011, "The server can't read right now; connect again.");
      });
    },
  };
  return session;
}

/** The position, with a start for enterprises that it says nothing of. */
function startedAt(position: LogPosition, enterpriseIds: readonly string[], start: Microseconds): LogPosition {
  const missing = enterpriseIds.filter((id) => !position.has(id));
  if (missing.length === 0 || start === 0) return position;
  return new Map([...position, ...missing.map((id) => [id, start] as const)]);
}

/** What is sent of some messages; `position` is behind them. */
export type FrameOf = (events: readonly LogEvent[], position: LogPosition) => string;

export function currentFrame(events: readonly LogEvent[], position: LogPosition): string {
  return JSON.stringify({
    Events: events.map(({ message_id, message_thread_id }) => ({
      Type: "Message",
      Id: message_id,
      MessageThreadId: message_thread_id,
    })),
    Position: formatPosition(position),
  });
}

/** Without what goes beyond the published API. */
export function publishedFrame(events: readonly LogEvent[]): string {
  return JSON.stringify({ Events: events.map(({ message_id }) => ({ Type: "Message", Id: message_id })) });
}
