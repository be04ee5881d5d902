import type { FastifyInstance, FastifyRequest } from "fastify";
import { invalid, Problem } from "../../core/problem.ts";
import { type OpenedBody, openBody } from "../../http/body/json-body.ts";
import type { LargeBodies } from "../../http/body/request-body.ts";
import { exactPath } from "../../http/exact-path.ts";
import { networkOf } from "../../http/network.ts";
import type { CountRequest } from "../../http/rate-limit.ts";
import { checkOf } from "../../protocol/validation.ts";
import { Credentials } from "../../protocol/values.ts";
import type { Store } from "../../store/store.ts";
import type { Authenticate, Caller } from "./authentication.ts";
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

/** The fields that say who asks. They are found in a large body before it is read. */
const credentialNames = Object.keys(Credentials.properties);

/** Serves every operation of the table: authentication, then the request limit, then validation, then the work. */
export function connectorRoutes(server: FastifyInstance, connector: Connector): void {
  const config = { largeBodies: knownBefore(connector) };
  for (const operation of connector.operations) {
    server.post(pathOf(operation), { onRequest: exactPath, config }, async (request, reply) => {
      const { caller, body } = await authenticated(connector, request);
      const key = idempotencyKeyOf(operation, request);
      const { value, digest } = await body.read(operation.shape, key === undefined ? undefined : credentialNames);
      const answer = await operation.run(connector, {
        caller,
        input: value,
        idempotency: key && digest ? { operation: nameOf(operation), key, bodyDigest: digest } : undefined,
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
  connector: Connector,
  request: FastifyRequest,
): Promise<{ caller: Caller; body: OpenedBody }> {
  const { body, caller } = await countingStrangers(connector, request, async () => {
    const body = openBody(request);
    return { body, caller: await connector.authenticate(checkCredentials(body.head)) };
  });
  request.clientId = caller.scope.clientId;
  connector.countRequest(caller.tokenKey);
  return { caller, body };
}

/** Refuses a large body as soon as its tokens have come, if they are not valid; the rest is not read. */
function knownBefore(connector: Connector): LargeBodies {
  return {
    fields: credentialNames,
    identify: async (request, fields) => {
      const caller = await countingStrangers(connector, request, () =>
        connector.authenticate(checkCredentials(fields)),
      );
      return caller.tokenKey;
    },
  };
}

/** Counts the request for the caller's network when it turns out that the caller is not known. */
async function countingStrangers<Found>(
  { countStranger }: Pick<Connector, "countStranger">,
  request: FastifyRequest,
  find: () => Promise<Found>,
): Promise<Found> {
  try {
    return await find();
  } catch (error) {
    const isUnauthenticated = error instanceof Problem && ["invalid", "unauthenticated"].includes(error.kind);
    if (isUnauthenticated) countStranger(networkOf(request.ip));
    throw error;
  }
}

function nameOf({ description }: Operation): string {
  return `${description.resource}/${description.action}`;
}

/** @throws Problem (invalid) for a key that is empty or too long */
function idempotencyKeyOf({ description }: Operation, request: FastifyRequest): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined || !description.idempotent) return undefined;
  if (typeof key !== "string" || key.trim() === "" || key.length > maxIdempotencyKeyLength) {
    throw invalid(`Idempotency-Key must have 1 to ${maxIdempotencyKeyLength} characters.`);
  }
  return key;
}
