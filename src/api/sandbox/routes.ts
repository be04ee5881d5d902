import type { FastifyInstance, FastifyRequest } from "fastify";
import { readBody } from "../../http/body/json-body.ts";
import { exactPath, notFound } from "../../http/exact-path.ts";
import { originOf } from "../../http/origin.ts";
import type { SandboxOperation } from "./operation.ts";

/** The path of an operation. */
export function sandboxPathOf({ description }: Pick<SandboxOperation, "description">): string {
  return `/sandbox/v1/${description.resource}/${description.action}`;
}

/** Serves operations that are carried out on what a request is about. */
export function sandboxRoutes<Context>(
  server: FastifyInstance,
  operations: readonly SandboxOperation<Context>[],
  contextOf: (request: FastifyRequest) => Promise<Context>,
): void {
  for (const operation of operations) {
    server.post(sandboxPathOf(operation), fromThisMachine, async (request, reply) => {
      if (operation.isUnlimited) endTimeLimit(request);
      const input = readBody(request.headers["content-type"], request.body as Buffer | undefined);
      const userAgent = String(request.headers["user-agent"] ?? "");
      const call = { input, origin: originOf(request), address: request.ip, userAgent };
      const { body, cookie } = await operation.run(await contextOf(request), call);
      if (cookie !== undefined) reply.header("Set-Cookie", cookie);
      return reply.type("application/json; charset=utf-8").send(JSON.stringify(body));
    });
  }
}

/** Lets a request take as long as it takes. */
export function endTimeLimit(request: FastifyRequest): void {
  clearTimeout(request.deadlineTimer);
  request.deadline.end = Number.POSITIVE_INFINITY;
}

/** The options of a route that refuses others before it reads what they send. */
export const fromThisMachine = {
  onRequest: [exactPath, async (request: FastifyRequest) => mustBeFromThisMachine(request)],
};

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
