import type { FastifyInstance, FastifyRequest } from "fastify";
import { readBody } from "../../http/body/json-body.ts";
import { notFound } from "../../http/exact-path.ts";
import { sandboxApi } from "../../protocol/sandbox/sandbox-api.ts";
import { apiRoutes } from "../routes.ts";
import type { SandboxOperation } from "./sandbox-operation.ts";

/** Operations of the sandbox's API, which are carried out on what a request is about. */
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

/** Lets a request take as long as it takes. */
export function endTimeLimit(request: FastifyRequest): void {
  clearTimeout(request.deadlineTimer);
  request.deadline.end = Number.POSITIVE_INFINITY;
}

/**
 * A proxy on this machine would speak for anybody, and a web page could have its name lead here: whatever was forwarded,
 * or asked for under another name than this machine's own, or by another server's page, is from elsewhere.
 * @throws Problem (notFound)
 */
export function mustBeFromThisMachine({ socket, headers, hostname }: FastifyRequest): void {
  const isForwarded = (headers["x-forwarded-for"] ?? headers.forwarded) !== undefined;
  const isOwnName = /^(?:localhost|[a-z0-9-]+\.localhost|127\.[\d.]+|\[?::1\]?)$/i.test(hostname);
  const isOwnPage = [undefined, "same-origin", "none"].includes(headers["sec-fetch-site"] as string | undefined);
  const isNear = /^(?:127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? "");
  if (isForwarded || !isOwnName || !isOwnPage || !isNear) throw notFound();
}
