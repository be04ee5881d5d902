import { signal } from "@preact/signals";
import { actingForParameter } from "../../../src/protocol/staff/acting-for.ts";
import type { LiveChanges, LiveHello, LivePresence } from "../../../src/protocol/staff/live.ts";
import { call } from "../api.ts";
import { sendDrafts } from "../composer/drafts.ts";
import { flush } from "../composer/outbox.ts";
import { loadCounts, takeCounts } from "../list/counts.ts";
import { listAt, loadMore, reloadLists, takeThreads } from "../list/lists.ts";
import { place } from "../place.ts";
import { me, renewSession } from "../session/session.ts";
import { renewConversations, takeItems } from "../thread/conversations.ts";
import { alertOf } from "./alerts.ts";
import { takePresence } from "./presence.ts";

/** Milliseconds until a stream that the server refused is asked for again. */
const pauses = [1000, 2000, 5000, 10_000];
/** A clock that stood still for so long was asleep, and so is the connection. Milliseconds. */
const asleepAfter = 30_000;
const tick = 5000;
/** The first list does not wait longer than this for the stream. Milliseconds. */
const firstListAfter = 400;

export type Connection = "connecting" | "live" | "lost";
export const connection = signal<Connection>("connecting");

/** Follows the stream of everything that happens, and catches up after each loss. @returns what ends it */
export function startLive(): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Up to where everything is on the page. */
  let known: string | undefined;
  let failures = 0;
  let isOver = false;
  let hasLists = false;

  const loadFirst = () => {
    if (hasLists) return;
    hasLists = true;
    void loadCounts().catch(() => undefined);
    void loadMore(listAt(place.value));
  };

  const connect = () => {
    clearTimeout(timer);
    source?.close();
    const query = new URLSearchParams({
      [actingForParameter]: me().User.Id,
      ...(known !== undefined && { after: known }),
    });
    const stream = new EventSource(`/api/staff/v1/live?${query}`);
    source = stream;
    stream.addEventListener("hello", ({ data }) => {
      const { Position } = JSON.parse(data) as LiveHello;
      failures = 0;
      connection.value = "live";
      // What happened between the first answers and the stream's beginning is in neither.
      if (known === undefined ? hasLists : known !== Position) renew();
      else loadFirst();
      known = Position;
      void flush();
      void sendDrafts();
    });
    stream.addEventListener("changes", ({ data }) => {
      const { Position, Items, Threads, Counts, Unread } = JSON.parse(data) as LiveChanges;
      known = Position;
      takeThreads(Threads);
      takeItems(Items);
      takeCounts(Counts, Unread);
      alertOf(Items);
    });
    stream.addEventListener("presence", ({ data }) => takePresence(JSON.parse(data) as LivePresence));
    // Perhaps the person has only signed in once more in another tab: the next answer says so, or leaves the page.
    stream.addEventListener("session-ended", () => {
      stream.close();
      void again();
    });
    // Another property, or another role: what is shown depends on both.
    stream.addEventListener("session-changed", () => void renewSession().then(renew, () => undefined));
    stream.addEventListener("error", () => {
      if (isOver || source !== stream) return;
      connection.value = "lost";
      // The browser tries again by itself, unless the server refused.
      if (stream.readyState === EventSource.CLOSED) void again();
    });
  };

  const renew = () => {
    hasLists = true;
    void loadCounts().catch(() => undefined);
    void reloadLists();
    void renewConversations(place.value.threadId);
  };

  const again = async () => {
    // The stream does not say why it was refused. When the session is over or another person's, this answer leaves the page.
    await call("session/get", {}).catch(() => undefined);
    if (isOver) return;
    const pause = pauses[Math.min(failures, pauses.length - 1)];
    failures += 1;
    timer = setTimeout(connect, pause);
  };

  let lastTick = Date.now();
  const watch = setInterval(() => {
    const now = Date.now();
    if (now - lastTick > asleepAfter) connect();
    lastTick = now;
  }, tick);
  const online = () => connect();
  const offline = () => {
    connection.value = "lost";
  };
  addEventListener("online", online);
  addEventListener("offline", offline);
  const first = setTimeout(loadFirst, firstListAfter);

  connect();
  return () => {
    isOver = true;
    source?.close();
    clearTimeout(timer);
    clearTimeout(first);
    clearInterval(watch);
    removeEventListener("online", online);
    removeEventListener("offline", offline);
    connection.value = "connecting";
  };
}
