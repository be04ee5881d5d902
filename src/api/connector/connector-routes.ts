import type { FastifyInstance, FastifyRequest } from "fastify";
import { invalid, Problem } from "../../core/problem.ts";
import { type OpenedBody, openBody } from "../../http/body/json-body.ts";
import type { LargeBodies } from "../../http/body/request-body.ts";
import { networkOf } from "../../http/network.ts";
import type { CountRequest } from "../../http/rate-limit.ts";
import { connectorBasePath } from "../../protocol/connector/connector-api.ts";
import { nameOf, type OperationDescription } from "../../protocol/operation.ts";
import { checkOf } from "../../protocol/validation.ts";
import { Credentials } from "../../protocol/values.ts";
import type { Store } from "../../store/store.ts";
import { apiRoutes, type Received } from "../routes.ts";
import type { Authenticate, Caller } from "./authentication.ts";
import type { ConnectorCall, ConnectorContext, ConnectorOperation } from "./connector-operation.ts";

export interface Connector extends ConnectorContext {
  readonly store: Store;
  readonly operations: readonly ConnectorOperation[];
  readonly authenticate: Authenticate;
  /** Counts against an access token. */
  readonly countRequest: CountRequest;
  /** Counts against the network of a caller that is not known. */
  readonly countUnauthenticated: CountRequest;
}

const maxIdempotencyKeyLength = 255;

const checkCredentials = checkOf(Credentials);

/** The fields that say who asks. The server finds them in a large body while it still comes in. */
const credentialNames = Object.keys(Credentials.properties);

/** The Connector API: authentication by tokens in the body, then the request limit, then the work. */
export function connectorRoutes(server: FastifyInstance, connector: Connector): void {
  apiRoutes(server, {
    basePath: connectorBasePath,
    operations: connector.operations,
    options: { config: { largeBodies: knownBefore(connector) } },
    receive: (request, operation) => receive(connector, request, operation),
  });
}

async function receive(
  connector: Connector,
  request: FastifyRequest,
  { description, shape }: ConnectorOperation,
): Promise<Received<ConnectorContext, ConnectorCall>> {
  const { caller, body } = await authenticated(connector, request);
  const key = idempotencyKeyOf(description, request);
  const { value, digest } = await body.read(shape, key === undefined ? undefined : credentialNames);
  const idempotencyKey = key && digest ? { operation: nameOf(description), key, bodyDigest: digest } : undefined;
  return {
    context: connector,
    call: { caller, input: value, idempotencyKey, db: connector.store.until(request.deadline) },
  };
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

/** Refuses a large body as soon as its tokens have come and are not valid: the rest of it is not read. */
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
  { countUnauthenticated }: Pick<Connector, "countUnauthenticated">,
  request: FastifyRequest,
  find: () => Promise<Found>,
): Promise<Found> {
  try {
    return await find();
  } catch (error) {
    const isUnauthenticated = error instanceof Problem && ["invalid", "unauthenticated"].includes(error.kind);
    if (isUnauthenticated) countUnauthenticated(networkOf(request.ip));
    throw error;
  }
}

/** @throws Problem (invalid) for a key that is empty or too long */
function idempotencyKeyOf({ isIdempotent }: OperationDescription, { headers }: FastifyRequest): string | undefined {
  const key = headers["idempotency-key"];
  if (key === undefined || !isIdempotent) return undefined;
  if (typeof key !== "string" || key.trim() === "" || key.length > maxIdempotencyKeyLength) {
    throw invalid(`Idempotency-Key must have 1 to ${maxIdempotencyKeyLength} characters.`);
  }
  return key;
}
