import type { WebSocket } from "ws";
import type { Microseconds } from "../../core/clock.ts";
import type { Reader } from "../../store/db.ts";
import { eventsAfter, type LogEvent, type LogPosition, positionAfter } from "../../store/log/log-events.ts";
import { formatPosition } from "../../store/log/position.ts";
import type { ClientScope } from "../../store/scope.ts";
import { type LogFollower, logFollower } from "../log-follower.ts";

/** How many events one frame has at most. */
const maxEvents = 100;

/** How long a client may take to read a full backlog, in milliseconds (contract, section 6). */
export const defaultBacklogPatience = 5000;

/** What a session needs of a WebSocket. */
export interface SessionSocket
  extends Pick<WebSocket, "OPEN" | "readyState" | "bufferedAmount" | "close" | "terminate"> {
  send(frame: string, sent: (error?: Error) => void): void;
}

/** Where a connection begins. */
export interface SocketStart {
  readonly position: LogPosition;
  /** From which moment on it is sent events of enterprises that the position does not name; 0 for all of them. */
  readonly start: Microseconds;
}

export interface SessionParts {
  readonly reader: Reader;
  readonly socket: SessionSocket;
  /** What the client may see at the moment. */
  readonly scope: () => ClientScope;
  readonly from: SocketStart;
  readonly failed: (error: unknown) => void;
  readonly frameOf?: FrameOf;
  /** How long the client may take to read a full backlog, in milliseconds. */
  readonly patience?: number;
  /** Called for a client that is disconnected, with the number of bytes that it has not taken. */
  readonly tooSlow?: (bytes: number) => void;
}

/** Sends a client every event after its start (contract, section 6). */
export function socketSession(parts: SessionParts): LogFollower {
  const { reader, socket, scope, from, failed, frameOf = currentFrame, tooSlow } = parts;
  let { position } = from;
  let sent: Promise<unknown> = Promise.resolve();

  async function sendNews(enterpriseIds: readonly string[]): Promise<readonly string[]> {
    position = startedAt(position, enterpriseIds, from.start);
    const events = await eventsAfter(reader, { clientId: scope().clientId, enterpriseIds }, position, maxEvents);
    if (events.length === 0) return [];
    position = positionAfter(position, events);
    const messages = events.filter(({ kind }) => kind === "MessageAdded");
    if (messages.length > 0) sent = new Promise((resolve) => socket.send(frameOf(messages, position), resolve));
    return events.length === maxEvents ? enterpriseIds : [];
  }

  return logFollower({
    enterpriseIds: () => scope().enterpriseIds,
    sendNews,
    patience: parts.patience ?? defaultBacklogPatience,
    outlet: {
      isOpen: () => socket.readyState === socket.OPEN,
      backlog: () => socket.bufferedAmount,
      taken: () => sent,
      drop: (bytes) => {
        tooSlow?.(bytes);
        socket.terminate();
      },
    },
    failed: (error) => {
      failed(error);
      socket.close(1011, "The server can't read right now; connect again.");
    },
  });
}

/** The position, with the start for those of the enterprises that it does not name. */
function startedAt(position: LogPosition, enterpriseIds: readonly string[], start: Microseconds): LogPosition {
  const missing = enterpriseIds.filter((id) => !position.has(id));
  if (missing.length === 0 || start === 0) return position;
  return new Map([...position, ...missing.map((id) => [id, start] as const)]);
}

/** Makes the frame that announces some messages; `position` is behind them. */
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
