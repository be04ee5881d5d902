import type { FastifyInstance, FastifyRequest } from "fastify";
import { invalid, Problem } from "../errors.ts";
import { exactPath } from "../http/exact-path.ts";
import { type JsonObject, readBody } from "../http/json-body.ts";
import { networkOf } from "../http/network.ts";
import type { CountRequest } from "../http/rate-limit.ts";
import { checkOf } from "../protocol/validation.ts";
import { Credentials } from "../protocol/values.ts";
import type { Store } from "../store/store.ts";
import type { Authenticate, Caller } from "./authentication.ts";
import { bodyDigest } from "./body.ts";
import type { Context, Operation } from "./operation.ts";

export interface Connector extends Context {
  readonly store: Store;
  readonly operations: readonly Operation[];
  readonly authenticate: Authenticate;
  /** Counts against an access token. */
  readonly countRequest: CountRequest;
  /** Counts against the network of a caller that is not known. */
  readonly countStranger: CountRequest;
}

const maxIdempotencyKeyLength = 255;

const returnsMinimal = /(?:^|[,;])\s*return\s*=\s*"?minimal"?\s*(?:[,;]|$)/i;

const checkCredentials = checkOf(Credentials);

/** The path of an operation (contract, section 1, "Address"). */
export function pathOf({ description }: Operation): string {
  return `/api/connector/v1/${description.resource}/${description.action}`;
}

/** Serves every operation of the table: authentication, then the request limit, then validation, then the work. */
export function connectorRoutes(server: FastifyInstance, connector: Connector): void {
  for (const operation of connector.operations) {
    server.post(pathOf(operation), { onRequest: exactPath }, async (request, reply) => {
      const { caller, body } = await authenticated(connector, request);
      const answer = await operation.run(connector, {
        caller,
        input: body,
        idempotency: idempotencyOf(operation, request, body),
        db: connector.store.until(request.deadline),
      });
      if (answer.isEmptyList && returnsMinimal.test(String(request.headers.prefer))) return reply.code(204).send();
      if (answer.isReplayed) reply.header("Idempotent-Replayed", "true");
      return reply.header("Content-Type", "application/json; charset=utf-8").send(answer.body);
    });
  }
}

/** @throws Problem (invalid, unauthenticated, tooMany), in this order */
async function authenticated(
  { authenticate, countRequest, countStranger }: Connector,
  request: FastifyRequest,
): Promise<{ caller: Caller; body: JsonObject }> {
  try {
    const body = readBody(request.headers["content-type"], request.body as Buffer | undefined);
    const caller = await authenticate(checkCredentials(body));
    request.clientId = caller.scope.clientId;
    countRequest(caller.tokenKey);
    return { caller, body };
  } catch (error) {
    const isUnauthenticated = error instanceof Problem && ["invalid", "unauthenticated"].includes(error.kind);
    if (isUnauthenticated) countStranger(networkOf(request.ip));
    throw error;
  }
}

/** @throws Problem (invalid) for a key that is empty or too long */
function idempotencyOf({ description }: Operation, request: FastifyRequest, body: JsonObject) {
  const key = request.headers["idempotency-key"];
  if (key === undefined || !description.idempotent) return undefined;
  if (typeof key !== "string" || key.trim() === "" || key.length > maxIdempotencyKeyLength) {
    throw invalid(`Idempotency-Key must have 1 to ${maxIdempotencyKeyLength} characters.`);
  }
  return { operation: `${description.resource}/${description.action}`, key, bodyDigest: bodyDigest(body) };
}
