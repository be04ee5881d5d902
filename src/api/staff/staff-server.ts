import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../../core/problem.ts";
import { passwordTurnLimits, turns } from "../../core/turns.ts";
import type { LogWatch } from "../../delivery/log-watch.ts";
import { openBody } from "../../http/body/json-body.ts";
import { networkOf } from "../../http/network.ts";
import { mustBeOwnPage } from "../../http/origin.ts";
import { type CountRequest, type RateLimit, requestCounter } from "../../http/rate-limit.ts";
import type { RequestLog } from "../../http/request-log.ts";
import type { Server } from "../../http/server.ts";
import { getSession } from "../../protocol/staff/account.ts";
import { actingForHeader } from "../../protocol/staff/acting-for.ts";
import { staffApi } from "../../protocol/staff/staff-api.ts";
import { liveRoute } from "../../staff/live/live.ts";
import { presence } from "../../staff/live/presence.ts";
import { actingFor } from "../../staff/sign-in/acting-for.ts";
import { everywhere, mustHave, type StaffCaller } from "../../staff/sign-in/caller.ts";
import { anybodysDevice } from "../../staff/sign-in/devices.ts";
import { type AuthenticateStaff, authenticateStaff } from "../../staff/sign-in/sessions.ts";
import { devicesOf, visitorOf } from "../../staff/sign-in/visitor.ts";
import type { CallDb, Store } from "../../store/store.ts";
import { apiRoutes } from "../routes.ts";
import { staffOperations } from "./operations.ts";
import type { SignedInOperation, StaffContext, StaffOperation, VisitorCall } from "./staff-operation.ts";

/** How much a session may ask, and a network without one: more than people do, and less than programs in a loop. */
const sessionLimit: RateLimit = { requests: 1200, seconds: 60 };
const strangerLimit: RateLimit = { requests: 300, seconds: 60 };

export interface StaffServerParts extends Omit<StaffContext, "presence" | "turns"> {
  readonly store: Store;
  /** Where people reach the server, if it is set. */
  readonly publicUrl: string | undefined;
  /** Wakes the inbox's live streams. */
  readonly watch: LogWatch;
  readonly log: RequestLog;
}

interface StaffApi extends Pick<StaffServerParts, "store" | "publicUrl"> {
  readonly context: StaffContext;
  readonly authenticate: AuthenticateStaff;
  /** Counts against a session. */
  readonly countRequest: CountRequest;
  /** Counts against the network of a visitor who is not signed in. */
  readonly countUnauthenticated: CountRequest;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Who is signed in, on requests of the staff API that need a session. */
    staffCaller: StaffCaller | undefined;
  }
}

/** The largest body, in bytes: a text of as many characters as may be sent, each of them escaped twice. */
const bodyLimit = 1024 * 1024;

/** The same for a visitor who is not signed in: an e-mail address and a password are smaller. */
const strangerBodyLimit = 16_384;

/** The property's side of a server: the staff API and its live stream. @returns what ends the stream */
export function staffServer(server: Server, parts: StaffServerParts): () => void {
  const { store, clock, publicUrl, watch, log, ...rest } = parts;
  const authenticate = authenticateStaff(clock);
  const people = presence(store);
  staffRoutes(server.fastify, {
    store,
    publicUrl,
    context: { ...rest, clock, presence: people, turns: turns(passwordTurnLimits) },
    authenticate,
    countRequest: requestCounter(sessionLimit, clock),
    countUnauthenticated: requestCounter(strangerLimit, clock),
  });
  const failed = (error: unknown) => log.failed(undefined, error);
  const live = liveRoute(server, { store, watch, presence: people, authenticate, failed, note: log.note });
  return () => {
    people.stop();
    live.stop();
  };
}

/**
 * Serves the staff API. Before its body is read, a request is refused when it comes from another server's page, has no
 * session where it needs one, or its sender asks too much; then when the caller lacks the right, and last for its
 * input.
 */
function staffRoutes(server: FastifyInstance, api: StaffApi): void {
  const { basePath } = staffApi;
  const { context } = api;
  const most = server.initialConfig.bodyLimit ?? bodyLimit;
  server.decorateRequest("staffCaller", undefined);
  apiRoutes(server, {
    basePath,
    operations: staffOperations.filter((operation) => operation.access === "anyone"),
    options: { bodyLimit: Math.min(most, strangerBodyLimit) },
    beforeBody: async (request, reply) => {
      mustComeFromHere(request, reply);
      await countVisitor(api, api.store.until(request.deadline), request);
    },
    receive: async (request, operation) => ({ context, call: await visitorCall(api, request, operation) }),
  });
  apiRoutes(server, {
    basePath,
    operations: staffOperations.filter((operation) => operation.access !== "anyone"),
    options: { bodyLimit: Math.min(most, bodyLimit) },
    beforeBody: async (request, reply, operation) => {
      mustComeFromHere(request, reply);
      const caller = await signedInCaller(api, operation, request);
      request.staffCaller = caller;
      request.bodyOwner = { isKnown: true, key: caller.sessionId };
    },
    receive: async (request, operation) => {
      const call = await visitorCall(api, request, operation);
      const { staffCaller: caller } = request;
      if (!caller) throw new Error("A request without a session is refused before its body is read.");
      const scope = operation.access === "signedIn" ? everywhere(caller) : mustHave(caller, operation.access);
      return { context, call: { ...call, caller, scope } };
    },
  });
}

/** @throws Problem (forbidden) for a page of another server */
function mustComeFromHere(request: FastifyRequest, reply: FastifyReply): void {
  // Set before anything can fail, so that no cache keeps a refusal either.
  reply.header("Cache-Control", "no-store");
  mustBeOwnPage(request);
}

async function visitorCall(
  { store, publicUrl }: StaffApi,
  request: FastifyRequest,
  { shape }: StaffOperation,
): Promise<VisitorCall & { readonly input: unknown }> {
  const { value } = await openBody(request).read(shape);
  return { input: value, visitor: visitorOf(request, publicUrl), db: store.until(request.deadline) };
}

/** @throws Problem (unauthenticated, otherPerson, tooMany) */
async function signedInCaller(
  api: StaffApi,
  operation: SignedInOperation,
  request: FastifyRequest,
): Promise<StaffCaller> {
  const db = api.store.until(request.deadline);
  const caller = await identify(api, db, operation, request);
  if (caller) api.countRequest(caller.sessionId);
  else await countVisitor(api, db, request);
  if (!caller) throw new Problem("unauthenticated", "Sign in first.");
  return caller;
}

/**
 * Counts a request without a session for its network. A device in which some person has signed in before is served even
 * when its network has asked too much: it is counted by itself.
 */
async function countVisitor(api: StaffApi, db: CallDb, request: FastifyRequest): Promise<void> {
  try {
    api.countUnauthenticated(networkOf(request.ip));
  } catch (error) {
    const device = await anybodysDevice(db, devicesOf(request));
    if (device === undefined) throw error;
    api.countRequest(device);
  }
}

async function identify(api: StaffApi, db: CallDb, operation: SignedInOperation, { headers, ip }: FastifyRequest) {
  const actsFor = namedPerson(operation, headers);
  try {
    return await api.authenticate(db, headers.cookie, true, actsFor);
  } catch (error) {
    // Counted for the network: counted for the session, a forgotten tab could use up what the person may ask.
    if (error instanceof Problem && error.kind === "otherPerson") api.countUnauthenticated(networkOf(ip));
    throw error;
  }
}

/**
 * The person for whom the request acts. A page asks session/get to learn who is signed in, so it can't name them yet.
 */
function namedPerson({ description }: SignedInOperation, headers: FastifyRequest["headers"]): string | undefined {
  const named = headers[actingForHeader.toLowerCase()];
  return description === getSession && named === undefined ? undefined : actingFor(headers, named);
}
