import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from "fastify";
import { version } from "../core/version.ts";
import { exactPath } from "../http/exact-path.ts";
import { type Api, openApiDocument, pathOf } from "../protocol/openapi.ts";
import type { OperationDescription } from "../protocol/operation.ts";
import type { Answer, Operation } from "./operation.ts";

/**
 * One API on a server: what its requests go through before their operations run. `Rules` is what rows of its table have
 * beside those of others.
 */
export interface ApiRoutes<Context, Call, Rules> {
  /** What comes before the name of an operation. */
  readonly basePath: string;
  readonly operations: readonly (Operation<Context, Call> & Rules)[];
  /** Further options of each route. */
  readonly options?: Pick<RouteShorthandOptions, "bodyLimit" | "config">;
  /** Runs before the body is read. @throws Problem for a request whose body need not be read to refuse it */
  readonly beforeBody?: (
    request: FastifyRequest,
    reply: FastifyReply,
    operation: Operation<Context, Call> & Rules,
  ) => Promise<void>;
  /** Reads the body and makes what the operation is run with. @throws Problem for a request that may not run it */
  readonly receive: (
    request: FastifyRequest,
    operation: Operation<Context, Call> & Rules,
  ) => Promise<Received<Context, Call>>;
}

export interface Received<Context, Call> {
  readonly context: Context;
  readonly call: Call & { readonly input: unknown };
}

/** Serves every operation of an API's table. */
export function apiRoutes<Context, Call, Rules>(
  server: FastifyInstance,
  { basePath, operations, options, beforeBody, receive }: ApiRoutes<Context, Call, Rules>,
): void {
  for (const operation of operations) {
    const before = beforeBody
      ? [async (request: FastifyRequest, reply: FastifyReply) => beforeBody(request, reply, operation)]
      : [];
    server.post(
      pathOf({ basePath }, operation.description),
      { ...options, onRequest: [exactPath, ...before] },
      async (request, reply) => {
        const { context, call } = await receive(request, operation);
        return send(request, reply, await operation.run(context, call));
      },
    );
  }
}

const returnsMinimal = /(?:^|[,;])\s*return\s*=\s*"?minimal"?\s*(?:[,;]|$)/i;

function send(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.isEmptyList && returnsMinimal.test(String(request.headers.prefer))) return reply.code(204).send();
  if (answer.isReplayed) reply.header("Idempotent-Replayed", "true");
  // Fastify sends a header of its own for each.
  for (const cookie of answer.cookies ?? []) reply.header("Set-Cookie", cookie);
  return reply.header("Content-Type", "application/json; charset=utf-8").send(answer.body);
}

/** Serves an API's description in OpenAPI. */
export function descriptionRoute(
  server: FastifyInstance,
  path: string,
  api: Api,
  operations: readonly { readonly description: OperationDescription }[],
): void {
  // Made at the first request for it: most servers of tests never get one.
  let body: string | undefined;
  server.get(path, { onRequest: exactPath }, async (_request, reply) => {
    const descriptions = operations.map(({ description }) => description);
    body ??= JSON.stringify(openApiDocument(api, descriptions, version), null, 2);
    return reply.type("application/json; charset=utf-8").send(body);
  });
}
