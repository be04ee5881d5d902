import type { FastifyInstance, FastifyRequest } from "fastify";
import { readBody } from "../../http/body/json-body.ts";
import { notFound } from "../../http/exact-path.ts";
import { sandboxApi } from "../../protocol/sandbox/sandbox-api.ts";
import { apiRoutes } from "../routes.ts";
import type { SandboxOperation } from "./sandbox-operation.ts";

/** Serves operations of the sandbox's API. @param contextOf  finds the world, or the worlds, that a request is about */
export function sandboxRoutes<Context>(
  server: FastifyInstance,
  operations: readonly SandboxOperation<Context>[],
  contextOf: (request: FastifyRequest) => Promise<Context>,
): void {
  apiRoutes(server, {
    basePath: sandboxApi.basePath,
    operations,
    beforeBody: async (request) => mustBeFromThisMachine(request),
    receive: async (request, { isUnlimited }) => {
      if (isUnlimited) endTimeLimit(request);
      const input = readBody(request.headers["content-type"], request.body as Buffer | undefined);
      const call = { input, address: request.ip, userAgent: String(request.headers["user-agent"] ?? "") };
      return { context: await contextOf(request), call };
    },
  });
}

/** Takes the time limit away from a request. */
export function endTimeLimit(request: FastifyRequest): void {
  clearTimeout(request.deadlineTimer);
  request.deadline.end = Number.POSITIVE_INFINITY;
}

/**
 * The sandbox's API has no tokens, so that it answers this machine alone. A proxy on this machine sends requests of
 * others on, and any web page can have its own name lead to this machine. So a request also counts as one from
 * elsewhere when it was forwarded, names another host than this machine, or comes from another server's page.
 * @throws Problem (notFound) for a request from elsewhere
 */
export function mustBeFromThisMachine({ socket, headers, hostname }: FastifyRequest): void {
  const isForwarded = (headers["x-forwarded-for"] ?? headers.forwarded) !== undefined;
  const isOwnName = /^(?:localhost|[a-z0-9-]+\.localhost|127\.[\d.]+|\[?::1\]?)$/i.test(hostname);
  const isOwnPage = [undefined, "same-origin", "none"].includes(headers["sec-fetch-site"] as string | undefined);
  const isNear = /^(?:127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? "");
  if (isForwarded || !isOwnName || !isOwnPage || !isNear) throw notFound();
}
