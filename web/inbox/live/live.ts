import { signal } from "@preact/signals";
import { actingForParameter } from "../../../src/protocol/staff/acting-for.ts";
import type { LiveChanges, LiveHello, LivePresence } from "../../../src/protocol/staff/live.ts";
import { call } from "../api.ts";
import { sendDrafts } from "../composer/drafts.ts";
import { flush } from "../composer/outbox.ts";
import { listAt, loadMore, reloadLists, takeThreads } from "../list/lists.ts";
import { place } from "../place.ts";
import { me, renewSession } from "../session/session.ts";
import { loadCounts, takeCounts } from "../sidebar/counts.ts";
import { renewConversations, takeItems } from "../thread/conversations.ts";
import { alertOf } from "./alerts.ts";
import { takePresence } from "./presence.ts";

/** Milliseconds until a stream that the server refused is asked for again. */
const pauses = [1000, 2000, 5000, 10_000];
/** When a timer is late by so many milliseconds the machine was asleep, and the connection is taken for dead. */
const asleepAfter = 30_000;
const tick = 5000;
/** The first list does not wait longer than this for the stream. Milliseconds. */
const firstListAfter = 400;

export type Connection = "connecting" | "live" | "lost";
export const connection = signal<Connection>("connecting");

let source: EventSource | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
/** The position up to which everything is on the page. */
let known: string | undefined;
let failures = 0;
let isOver = false;
/** Whether lists and counts were asked for. */
let hasLists = false;

/** Follows the stream of everything that happens, and catches up after each loss. @returns what ends it */
export function startLive(): () => void {
  isOver = false;
  hasLists = false;
  known = undefined;
  let lastTick = Date.now();
  const watch = setInterval(() => {
    const now = Date.now();
    if (now - lastTick > asleepAfter) connect();
    lastTick = now;
  }, tick);
  addEventListener("online", connect);
  addEventListener("offline", lose);
  const first = setTimeout(loadFirst, firstListAfter);
  connect();
  return () => {
    isOver = true;
    source?.close();
    clearTimeout(timer);
    clearTimeout(first);
    clearInterval(watch);
    removeEventListener("online", connect);
    removeEventListener("offline", lose);
    connection.value = "connecting";
  };
}

function connect(): void {
  clearTimeout(timer);
  source?.close();
  const query = new URLSearchParams({
    [actingForParameter]: me().User.Id,
    ...(known !== undefined && { after: known }),
  });
  const stream = new EventSource(`/api/staff/v1/live?${query}`);
  source = stream;
  stream.addEventListener("hello", ({ data }) => begin(JSON.parse(data) as LiveHello));
  stream.addEventListener("changes", ({ data }) => takeChanges(JSON.parse(data) as LiveChanges));
  stream.addEventListener("presence", ({ data }) => takePresence(JSON.parse(data) as LivePresence));
  // If the person has only signed in once more in another tab the page goes on. Otherwise the next answer leaves it.
  stream.addEventListener("session-ended", () => {
    stream.close();
    void again();
  });
  // The person has another property or another role, on which everything that is shown depends.
  stream.addEventListener("session-changed", () => void renewSession().then(renew, () => undefined));
  stream.addEventListener("error", () => {
    if (isOver || source !== stream) return;
    lose();
    // The browser tries again by itself, unless the server refused.
    if (stream.readyState === EventSource.CLOSED) void again();
  });
}

/** The stream has begun at a position. */
function begin({ Position }: LiveHello): void {
  failures = 0;
  connection.value = "live";
  // Neither the first answers nor the stream contain what happened between them, so both are fetched again.
  if (known === undefined ? hasLists : known !== Position) renew();
  else loadFirst();
  known = Position;
  void flush();
  void sendDrafts();
}

function takeChanges({ Position, Items, Threads, Counts, Unread }: LiveChanges): void {
  known = Position;
  takeThreads(Threads);
  takeItems(Items);
  takeCounts(Counts, Unread);
  alertOf(Items);
}

function lose(): void {
  connection.value = "lost";
}

function loadFirst(): void {
  if (hasLists) return;
  hasLists = true;
  void loadCounts().catch(() => undefined);
  void loadMore(listAt(place.value));
}

/** Fetches everything that is shown again, after events may have been missed. */
function renew(): void {
  hasLists = true;
  void loadCounts().catch(() => undefined);
  void reloadLists();
  void renewConversations(place.value.threadId);
}

/** Asks for the stream again after a pause that grows. */
async function again(): Promise<void> {
  // The stream does not say why it was refused. When the session is over or another person's, this answer leaves the
  // page.
  await call("session/get", {}).catch(() => undefined);
  if (isOver) return;
  const pause = pauses[Math.min(failures, pauses.length - 1)];
  failures += 1;
  timer = setTimeout(connect, pause);
}
