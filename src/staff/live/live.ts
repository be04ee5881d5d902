import type { FastifyRequest } from "fastify";
import { backgroundLoop } from "../../core/background-loop.ts";
import { within } from "../../core/deadline.ts";
import { invalid, Problem, unavailable } from "../../core/problem.ts";
import { slowReaderLog } from "../../delivery/log-follower.ts";
import type { LogWatch } from "../../delivery/log-watch.ts";
import { answerEvents, type EventStream, eventStream } from "../../http/event-stream.ts";
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

/** How often to ask whether a page's session is still good, and to show that the connection is, in milliseconds. */
const identifyInterval = 5000;

/** How long such a question may take, in milliseconds. */
const identifyLimit = 3000;

/** How many pages one session may have open. */
const maxStreams = 20;

export interface LiveRouteParts {
  readonly store: Store;
  readonly watch: LogWatch;
  readonly presence: Presence;
  readonly authenticate: AuthenticateStaff;
  readonly failed: (error: unknown) => void;
  /** Logs a sentence for the operator. */
  readonly note: (message: string) => void;
}

interface Page {
  readonly session: LiveSession;
  readonly stream: EventStream;
  readonly identify: () => Promise<StaffCaller | undefined>;
}

/** `GET /api/staff/v1/live`: what happens at the caller's properties, as server-sent events. */
export function liveRoute(server: Server, parts: LiveRouteParts): { stop(): void } {
  const { store, watch, presence, authenticate, failed, note } = parts;
  const pages = new Set<Page>();
  const logSlow = slowReaderLog(note, "A page");
  let isStopped = false;

  presence.onChange(() => {
    for (const { session } of pages) session.showPresence();
  });
  const identifying = backgroundLoop({
    interval: identifyInterval,
    failed,
    step: async () => {
      await Promise.all([...pages].map(identifyAgain));
      return "idle";
    },
  });

  server.fastify.get(livePath, { onRequest: exactPath }, async (request, reply) => {
    mustBeOwnPage(request);
    const query = new URL(request.url, "http://innbox").searchParams;
    const actsFor = actingFor(request.headers, query.get(actingForParameter));
    // An open stream does not count as use of the session: it would keep the session of a forgotten tab alive.
    const identify = () => authenticate(store.db.until(within(identifyLimit)), request.headers.cookie, false);
    const caller = await authenticate(store.until(request.deadline), request.headers.cookie, false, actsFor);
    mustBeAdmitted(caller, pages);
    const start = await startAt(store.until(request.deadline), caller, positionOf(request, query));
    if (isStopped) throw unavailable("The server is stopping.");
    const stream = eventStream(request);
    const tooSlow = (bytes: number) => logSlow(`user ${caller.userId}`, bytes);
    const session = liveSession({ db: store.db, stream, caller, start, presence, failed, tooSlow });
    const page: Page = { session, stream, identify };
    pages.add(page);
    const unwatch = watch.add(scopeOf(caller, "read"), session.follower);
    stream.body.once("close", () => {
      pages.delete(page);
      unwatch();
    });
    session.follower.wake(start.keys());
    session.showPresence();
    // A page that is open all day must not hold up the stop of the server, as requests under way do.
    server.release(request);
    return answerEvents(reply, stream);
  });

  return {
    stop: () => {
      isStopped = true;
      void identifying.stop();
      for (const { stream } of pages) stream.end();
    },
  };
}

/**
 * @throws Problem (unauthenticated) for somebody who is not signed in, (forbidden) without the right to read, (tooMany)
 * for a session with more pages open than a person looks at
 */
function mustBeAdmitted(caller: StaffCaller | undefined, pages: ReadonlySet<Page>): asserts caller is StaffCaller {
  if (!caller) throw new Problem("unauthenticated", "Sign in first.");
  mustHave(caller, "read");
  const own = [...pages].filter(({ session }) => session.caller.sessionId === caller.sessionId);
  if (own.length < maxStreams) return;
  throw new Problem("tooMany", `A session may have ${maxStreams} streams at once.`, { retryAfterSeconds: 5 });
}

/** Ends the stream of a session that is over, or whose rights have changed: the page then loads everything anew. */
async function identifyAgain({ session, stream, identify }: Page): Promise<void> {
  stream.comment("still here");
  // A database that can't be read is reported by those who look for commits.
  const caller = await identify().catch(() => session.caller);
  if (!caller) return stream.end("session-ended");
  if (JSON.stringify(caller.properties) !== JSON.stringify(session.caller.properties)) stream.end("session-changed");
}

/** The position after which a page wants to go on; `undefined` for one that has seen nothing. */
function positionOf({ headers }: FastifyRequest, query: URLSearchParams): string | undefined {
  const after = headers["last-event-id"] ?? query.get("after");
  return typeof after === "string" && after !== "" ? after : undefined;
}

/**
 * Where a page goes on at each property: after what it has seen, and now at a property that it has not seen.
 * @throws Problem (invalid) for a position that was not given out
 */
async function startAt(reader: Reader, caller: StaffCaller, after: string | undefined): Promise<LogNumbers> {
  const current = await logNumbers(reader, scopeOf(caller, "read"));
  if (after === undefined) return current;
  const seen = parsePosition(after);
  if (!seen) throw invalid("after is not a position that this server has given out.");
  return new Map([...current].map(([id, end]) => [id, Math.min(seen.get(id) ?? end, end)]));
}
