import { setTimeout } from "node:timers/promises";
import { within } from "../../core/deadline.ts";
import { type LogFollower, logFollower } from "../../delivery/log-follower.ts";
import type { EventStream } from "../../http/event-stream.ts";
import type { LiveChanges, LiveHello, LivePresence } from "../../protocol/staff/live.ts";
import type { Db, Reader } from "../../store/db.ts";
import { inboxCounts } from "../../store/lists/inbox-counts.ts";
import { inboxRows } from "../../store/lists/inbox-threads.ts";
import { formatPosition } from "../../store/log/position.ts";
import { entriesAfter, type LogNumbers, type LogRow } from "../../store/log/property-log.ts";
import type { PropertyScope } from "../../store/scope.ts";
import { countAnswer, itemAnswer, threadAnswers, unreadCount } from "../answers.ts";
import { type StaffCaller, scopeOf } from "../sign-in/caller.ts";
import type { Presence } from "./presence.ts";

/** How many entries of one property one event has at most; each may be a message of 65,536 characters. */
const maxEntries = 50;

/** How long to wait after an event with changes, in milliseconds, so that a busy property makes few and larger ones. */
const pause = 100;

/** How long a look may take, in milliseconds. */
const readLimit = 5000;

/** How long a page may take to read a full backlog, in milliseconds. */
const backlogPatience = 60_000;

export interface LiveParts {
  readonly db: Db;
  readonly stream: EventStream;
  readonly caller: StaffCaller;
  /** What the page has seen of each property's log. */
  readonly start: LogNumbers;
  readonly presence: Presence;
  readonly failed: (error: unknown) => void;
  /** Called for a page that is ended, with the number of bytes that it has not taken. */
  readonly tooSlow: (bytes: number) => void;
}

/** One open page. */
export interface LiveSession {
  readonly caller: StaffCaller;
  readonly follower: LogFollower;
  /** Sends who looks at what, when the page was not sent just that. */
  showPresence(): void;
}

/** Sends a page every entry after its start. When the stream ends, the page comes back and goes on after what it got. */
export function liveSession({ db, stream, caller, start, presence, failed, tooSlow }: LiveParts): LiveSession {
  const { body } = stream;
  const { enterpriseIds } = scopeOf(caller, "read");
  const numbers = new Map(start);
  let shownPresence = "";

  async function sendNews(changed: readonly string[]): Promise<readonly string[]> {
    const found = await newsAfter(db, caller, numbers, changed);
    if (!found) return [];
    const byProperty = [...Map.groupBy(found.rows, ({ enterprise_id }) => enterprise_id)];
    for (const [id, rows] of byProperty) numbers.set(id, rows.at(-1)?.sequence ?? 0);
    const position = formatPosition(numbers);
    const data: LiveChanges = { Position: position, ...found.changes };
    stream.send("changes", data, position);
    await setTimeout(pause);
    return byProperty.filter(([, rows]) => rows.length === maxEntries).map(([id]) => id);
  }

  const follower = logFollower({
    enterpriseIds: () => enterpriseIds,
    sendNews,
    patience: backlogPatience,
    outlet: {
      isOpen: () => body.writable,
      backlog: () => body.writableLength,
      taken: () => drainedOrClosed(body),
      drop: (bytes) => {
        tooSlow(bytes);
        stream.end();
      },
    },
    failed: (error) => {
      failed(error);
      stream.end();
    },
  });

  function showPresence(): void {
    const data: LivePresence = {
      People: presence.at(enterpriseIds).map(({ userId, messageThreadId, isTyping }) => ({
        UserId: userId,
        MessageThreadId: messageThreadId,
        IsTyping: isTyping,
      })),
    };
    const shown = JSON.stringify(data);
    if (shown !== shownPresence) stream.send("presence", data);
    shownPresence = shown;
  }

  const position = formatPosition(numbers);
  const hello: LiveHello = { Position: position };
  stream.send("hello", hello, position);
  return { caller, follower, showPresence };
}

/** What a page has not seen at these properties, and what the lists show then; `undefined` when there is nothing. */
function newsAfter(db: Db, caller: StaffCaller, numbers: LogNumbers, enterpriseIds: readonly string[]) {
  return db.until(within(readLimit)).snapshot(async (reader) => {
    const lists = await Promise.all(
      enterpriseIds.map((id) => entriesAfter(reader, id, numbers.get(id) ?? 0, maxEntries)),
    );
    const rows = lists.flat();
    return rows.length === 0 ? undefined : { rows, changes: await changesOf(reader, caller, rows) };
  });
}

function drainedOrClosed(body: EventStream["body"]): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      body.off("drain", end).off("close", end);
      resolve();
    };
    body.on("drain", end).on("close", end);
  });
}

async function changesOf(
  reader: Reader,
  caller: StaffCaller,
  rows: readonly LogRow[],
): Promise<Omit<LiveChanges, "Position">> {
  const enterpriseIds = [...new Set(rows.map(({ enterprise_id }) => enterprise_id))];
  const scope: PropertyScope = { clientId: null, enterpriseIds };
  const ids = [...new Set(rows.map(({ message_thread_id }) => message_thread_id))];
  const [threads, counts, unread] = await Promise.all([
    inboxRows(reader, scope, ids).then((found) => threadAnswers(reader, caller, found)),
    inboxCounts(reader, scope, caller.userId),
    unreadCount(reader, scopeOf(caller, "read"), caller),
  ]);
  return {
    Items: rows.map((row) => ({
      EnterpriseId: row.enterprise_id,
      Position: row.sequence,
      Item: itemAnswer(row),
    })),
    Threads: threads,
    Counts: counts.map(countAnswer),
    Unread: unread,
  };
}
