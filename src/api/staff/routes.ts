import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../../core/problem.ts";
import { openBody } from "../../http/body/json-body.ts";
import { shapeOf } from "../../http/body/json-shape.ts";
import { exactPath } from "../../http/exact-path.ts";
import { networkOf } from "../../http/network.ts";
import { isOnOwnMachine, mustBeOwnPage } from "../../http/origin.ts";
import type { CountRequest, RateLimit } from "../../http/rate-limit.ts";
import { getSession } from "../../protocol/staff/account.ts";
import { actingForHeader } from "../../protocol/staff/acting-for.ts";
import { actingFor } from "../../staff/sign-in/acting-for.ts";
import type { StaffCaller } from "../../staff/sign-in/caller.ts";
import { anybodysDevice } from "../../staff/sign-in/devices.ts";
import { type AuthenticateStaff, deviceCookie, sessionCookie } from "../../staff/sign-in/sessions.ts";
import { devicesOf, visitorOf } from "../../staff/sign-in/visitor.ts";
import type { CallDb, Store } from "../../store/store.ts";
import type { StaffContext, StaffOperation } from "./operation.ts";

/** Of a session, and of an address at which nobody is signed in: more than people do, and less than loops. */
export const sessionLimit: RateLimit = { requests: 1200, seconds: 60 };
export const strangerLimit: RateLimit = { requests: 300, seconds: 60 };

export interface StaffApi {
  readonly operations: readonly StaffOperation[];
  readonly store: Store;
  readonly context: StaffContext;
  readonly authenticate: AuthenticateStaff;
  /** Where people reach the server, if it is set. */
  readonly publicUrl: string | undefined;
  /** Counts against a session. */
  readonly countRequest: CountRequest;
  /** Counts against the network of a visitor who is not signed in. */
  readonly countStranger: CountRequest;
}

/** The path of an operation. */
export function staffPathOf({ description }: Pick<StaffOperation, "description">): string {
  return `/api/staff/v1/${description.resource}/${description.action}`;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Who is signed in, on requests of the staff API. */
    staffCaller: StaffCaller | undefined;
  }
}

/** The largest body, in bytes: a text of as many characters as may be sent, each of them escaped twice. */
export const staffBodyLimit = 1024 * 1024;

/** Of a visitor who is not signed in: an e-mail address and a password are smaller. */
export const strangerBodyLimit = 16_384;

/** Serves every operation of the table: where it was asked from, who asks, what they may do, what they ask, the work. */
export function staffRoutes(server: FastifyInstance, api: StaffApi): void {
  server.decorateRequest("staffCaller", undefined);
  const most = server.initialConfig.bodyLimit ?? staffBodyLimit;
  for (const operation of api.operations) {
    const bodyLimit = Math.min(most, operation.access === "anyone" ? strangerBodyLimit : staffBodyLimit);
    const shape = shapeOf(operation.description.input);
    const onRequest = [exactPath, beforeTheBody(api, operation)];
    server.post(staffPathOf(operation), { onRequest, bodyLimit }, async (request, reply) => {
      const { value } = await openBody(request).read(shape);
      const visitor = visitorOf(request, api.publicUrl);
      const call = { caller: request.staffCaller, input: value, visitor, db: api.store.until(request.deadline) };
      const { body, session, device } = await operation.run(api.context, call);
      // Fastify adds to those that are there.
      const isSecure = !isOnOwnMachine(request, api.publicUrl);
      if (session !== undefined) reply.header("Set-Cookie", sessionCookie(session, isSecure));
      if (device !== undefined) reply.header("Set-Cookie", deviceCookie(device, isSecure));
      return reply.header("Content-Type", "application/json; charset=utf-8").send(body);
    });
  }
}

/** Nothing is read of what somebody sends who may not ask. */
function beforeTheBody(api: StaffApi, operation: StaffOperation) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    // Set before anything can fail, so that caches keep refusals as little as answers.
    reply.header("Cache-Control", "no-store");
    mustBeOwnPage(request);
    request.staffCaller = await callerOf(api, api.store.until(request.deadline), operation, request);
    if (request.staffCaller) request.bodyOwner = { isKnown: true, key: request.staffCaller.sessionId };
  };
}

async function callerOf(api: StaffApi, db: CallDb, operation: StaffOperation, request: FastifyRequest) {
  const { access } = operation;
  const caller: StaffCaller | undefined = access === "anyone" ? undefined : await identify(api, db, operation, request);
  if (caller) api.countRequest(caller.sessionId);
  else await countVisitor(api, db, request);
  if (!caller && access !== "anyone") throw new Problem("unauthenticated", "Sign in first.");
  return caller;
}

/** Strangers share what their network may ask. A device that is known does not depend on what they have left. */
async function countVisitor(api: StaffApi, db: CallDb, request: FastifyRequest): Promise<void> {
  try {
    api.countStranger(networkOf(request.ip));
  } catch (error) {
    const device = await anybodysDevice(db, devicesOf(request));
    if (device === undefined) throw error;
    api.countRequest(device);
  }
}

async function identify(api: StaffApi, db: CallDb, operation: StaffOperation, { headers, ip }: FastifyRequest) {
  const actsFor = namedPerson(operation, headers);
  try {
    return await api.authenticate(db, headers.cookie, true, actsFor);
  } catch (error) {
    // Not against the session, or a forgotten tab could use up what its owner may ask.
    if (error instanceof Problem && error.kind === "otherPerson") api.countStranger(networkOf(ip));
    throw error;
  }
}

/** A page asks session/get to learn who is signed in, and so can't name that person yet. */
function namedPerson({ description }: StaffOperation, headers: FastifyRequest["headers"]): string | undefined {
  const named = headers[actingForHeader.toLowerCase()];
  return description === getSession && named === undefined ? undefined : actingFor(headers, named);
}
