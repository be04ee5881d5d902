import type { PassThrough } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { within } from "../../core/deadline.ts";
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

/** Where much happens, a page is told of it a few times a second, in milliseconds. */
const pause = 100;

/** How long a look may take, in milliseconds. */
const readLimit = 5000;

/** How much may wait for a page before it is sent any more, in bytes. */
const maxBacklog = 1024 * 1024;

/** How long a page may take to read so much, in milliseconds: it comes back and goes on where it was. */
const backlogPatience = 60_000;

/** Where events go. */
export type LiveOutput = Pick<PassThrough, "write" | "end" | "writableLength" | "once" | "destroyed">;

/** One open page: who it belongs to, and how far it has seen each property's log. */
export interface LiveSession {
  caller: StaffCaller;
  /** Sends what is new at these properties. A hint: calling it too often costs a look. */
  wake(enterpriseIds: Iterable<string>): void;
  showPresence(): void;
  readonly isOver: () => boolean;
  /** Says a last word of its own, such as that the session is over, and ends. */
  end(event?: "session-ended" | "session-changed"): void;
}

/** Sends a page every entry after its start, once and in the order of each property's log. */
export function liveSession(
  db: Db,
  output: LiveOutput,
  first: StaffCaller,
  start: LogNumbers,
  presence: Presence,
  failed: (error: unknown) => void,
): LiveSession {
  const numbers = new Map(start);
  const news = new Set<string>();
  let isReading = false;
  let isOver = false;
  let shownPresence = "";

  function send(event: string, data: object, id?: string): void {
    if (isOver) return;
    output.write(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Nothing more is read for a page until it has taken what there is. */
  async function drained(): Promise<void> {
    if (output.writableLength <= maxBacklog) return;
    const taken = new Promise<void>((resolve) => {
      output.once("drain", resolve);
      output.once("close", resolve);
    });
    await Promise.race([taken, setTimeout(backlogPatience, undefined, { ref: false })]);
    if (output.writableLength > maxBacklog) session.end();
  }

  async function read(): Promise<void> {
    isReading = true;
    try {
      while (news.size > 0 && !isOver) {
        const { enterpriseIds } = scopeOf(session.caller, "read");
        const changed = enterpriseIds.filter((id) => news.has(id));
        news.clear();
        if (!(await sendNews(changed))) continue;
        await drained();
        await setTimeout(pause);
      }
    } finally {
      isReading = false;
    }
  }

  /** @returns whether there was any */
  async function sendNews(changed: readonly string[]): Promise<boolean> {
    const found = await db.until(within(readLimit)).snapshot(async (reader) => {
      const lists = await Promise.all(changed.map((id) => entriesAfter(reader, id, numbers.get(id) ?? 0, maxEntries)));
      const rows = lists.flat();
      return rows.length === 0 ? undefined : { rows, changes: await changesOf(reader, session.caller, rows) };
    });
    if (!found) return false;
    for (const [id, rows] of Map.groupBy(found.rows, ({ enterprise_id }) => enterprise_id)) {
      numbers.set(id, rows.at(-1)?.sequence ?? 0);
      if (rows.length === maxEntries) news.add(id);
    }
    const position = formatPosition(numbers);
    const data: LiveChanges = { Position: position, ...found.changes };
    send("changes", data, position);
    return true;
  }

  const session: LiveSession = {
    caller: first,
    wake: (enterpriseIds) => {
      for (const id of enterpriseIds) news.add(id);
      if (isReading || isOver) return;
      read().catch((error) => {
        // The page comes back by itself and goes on after the last event that it got.
        failed(error);
        session.end();
      });
    },
    showPresence: () => {
      const { enterpriseIds } = scopeOf(session.caller, "read");
      const data: LivePresence = {
        People: presence.at(enterpriseIds).map(({ userId, messageThreadId, isTyping }) => ({
          UserId: userId,
          MessageThreadId: messageThreadId,
          IsTyping: isTyping,
        })),
      };
      const shown = JSON.stringify(data);
      if (shown !== shownPresence) send("presence", data);
      shownPresence = shown;
    },
    isOver: () => isOver,
    end: (event) => {
      if (isOver) return;
      isOver = true;
      if (event) output.write(`event: ${event}\ndata: {}\n\n`);
      output.end();
    },
  };
  const position = formatPosition(numbers);
  const hello: LiveHello = { Position: position };
  send("hello", hello, position);
  return session;
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
