import { PassThrough } from "node:stream";
import { within } from "../../core/deadline.ts";
import { invalid, Problem, unavailable } from "../../core/problem.ts";
import { exactPath } from "../../http/exact-path.ts";
import { mustBeOwnPage } from "../../http/origin.ts";
import type { Server } from "../../http/server.ts";
import { actingForParameter } from "../../protocol/staff/acting-for.ts";
import type { Reader } from "../../store/db.ts";
import { parsePosition } from "../../store/log/position.ts";
import { type LogNumbers, logNumbers } from "../../store/log/property-log.ts";
import type { Store } from "../../store/store.ts";
import { actingFor } from "../sign-in/acting-for.ts";
import { mustHave, type StaffCaller, scopeOf } from "../sign-in/caller.ts";
import type { AuthenticateStaff } from "../sign-in/sessions.ts";
import { type LiveSession, liveSession } from "./live-session.ts";
import type { Presence } from "./presence.ts";

export const livePath = "/api/staff/v1/live";

/** How often to look for what other processes commit, in milliseconds. */
const pollInterval = 250;

/** How long such a look may take, in milliseconds. */
const pollLimit = 3000;

/** How often to ask whether a page's session is still good, and to show that the connection is, in milliseconds. */
const identifyInterval = 5000;

/** How many pages one session may have open. */
const maxStreams = 20;

export interface LiveParts {
  readonly store: Store;
  readonly presence: Presence;
  readonly authenticate: AuthenticateStaff;
  readonly failed: (error: unknown) => void;
}

interface Page {
  readonly session: LiveSession;
  readonly stream: PassThrough;
  readonly identify: () => Promise<StaffCaller | undefined>;
}

/** `GET /api/staff/v1/live`: what happens at the caller's properties, as server-sent events. */
export function liveRoute(server: Server, { store, presence, authenticate, failed }: LiveParts): { stop(): void } {
  const pages = new Set<Page>();
  let ends: LogNumbers = new Map();
  let isPolling = false;
  let isFailing = false;
  let isStopped = false;

  function watched(): string[] {
    return [...new Set([...pages].flatMap(({ session }) => scopeOf(session.caller, "read").enterpriseIds))];
  }

  function wake(enterpriseIds: readonly string[]): void {
    for (const { session } of pages) {
      const own = scopeOf(session.caller, "read").enterpriseIds.filter((id) => enterpriseIds.includes(id));
      if (own.length > 0) session.wake(own);
    }
  }

  async function poll(): Promise<void> {
    if (isPolling || pages.size === 0) return;
    isPolling = true;
    try {
      const current = await logNumbers(store.db.until(within(pollLimit)), { clientId: null, enterpriseIds: watched() });
      const changed = [...current].filter(([id, end]) => end !== ends.get(id)).map(([id]) => id);
      ends = current;
      wake(changed);
      isFailing = false;
    } catch (error) {
      // Once is enough for as long as it lasts.
      if (!isFailing) failed(error);
      isFailing = true;
    } finally {
      isPolling = false;
    }
  }

  /** Whoever is signed out is told so; whoever may see more or less from now on looks anew. */
  async function identifyAgain({ session, stream, identify }: Page): Promise<void> {
    if (session.isOver()) return;
    stream.write(": still here\n\n");
    // A database that can't be read is the poll's to tell.
    const caller = await identify().catch(() => session.caller);
    if (!caller) return session.end("session-ended");
    if (JSON.stringify(caller.properties) !== JSON.stringify(session.caller.properties)) session.end("session-changed");
  }

  /** @throws Problem (tooMany) for who has more pages open than anybody looks at */
  function mustHaveFewStreams({ sessionId }: StaffCaller): void {
    const own = [...pages].filter(({ session }) => session.caller.sessionId === sessionId);
    if (own.length < maxStreams) return;
    throw new Problem("tooMany", `A session may have ${maxStreams} streams at once.`, { retryAfterSeconds: 5 });
  }

  store.onCommit((changes) => wake(changes.map(({ enterpriseId }) => enterpriseId)));
  presence.onChange(() => {
    for (const { session } of pages) session.showPresence();
  });
  const timers = [
    setInterval(poll, pollInterval).unref(),
    setInterval(() => {
      for (const page of pages) void identifyAgain(page);
    }, identifyInterval).unref(),
  ];

  server.fastify.get(livePath, { onRequest: exactPath }, async (request, reply) => {
    mustBeOwnPage(request);
    const query = new URL(request.url, "http://innbox").searchParams;
    const actsFor = actingFor(request.headers, query.get(actingForParameter));
    // An open stream does not count as use of the session: it would keep the session of a forgotten tab alive.
    const identify = () => authenticate(store.db.until(within(pollLimit)), request.headers.cookie, false);
    const caller = await authenticate(store.until(request.deadline), request.headers.cookie, false, actsFor);
    if (!caller) throw new Problem("unauthenticated", "Sign in first.");
    mustHave(caller, "read");
    mustHaveFewStreams(caller);
    const after = request.headers["last-event-id"] ?? query.get("after");
    const start = await startAt(
      store.until(request.deadline),
      caller,
      typeof after === "string" && after !== "" ? after : undefined,
    );
    if (isStopped) throw unavailable("The server is stopping.");
    const stream = new PassThrough();
    const session = liveSession(store.db, stream, caller, start, presence, failed);
    const page: Page = { session, stream, identify };
    pages.add(page);
    stream.once("close", () => pages.delete(page));
    request.raw.once("close", () => {
      session.end();
      stream.destroy();
    });
    session.wake(start.keys());
    session.showPresence();
    // A page that is open all day is no work under way.
    server.release(request);
    return reply
      .type("text/event-stream; charset=utf-8")
      .header("Cache-Control", "no-store")
      .header("X-Accel-Buffering", "no")
      .send(stream);
  });

  return {
    stop: () => {
      isStopped = true;
      for (const timer of timers) clearInterval(timer);
      for (const { session } of pages) session.end();
    },
  };
}

/**
 * Where a page goes on at each property: after what it has seen, or where it may look for the first time, now.
 * @throws Problem (invalid) for a position that was not given out
 */
async function startAt(reader: Reader, caller: StaffCaller, after: string | undefined): Promise<LogNumbers> {
  const current = await logNumbers(reader, scopeOf(caller, "read"));
  if (after === undefined) return current;
  const seen = parsePosition(after);
  if (!seen) throw invalid("after is not a position that this server has given out.");
  return new Map([...current].map(([id, end]) => [id, Math.min(seen.get(id) ?? end, end)]));
}
