import type { FastifyInstance, FastifyRequest } from "fastify";
import Type from "typebox";
import type { Parts } from "../app.ts";

import { exactPath, notFound } from "../http/exact-path.ts";
import { readBody } from "../http/json-body.ts";
import { reply, setResolved } from "../messaging/conversation.ts";
import { maxTextLength } from "../protocol/messages.ts";
import { type Check, checkOf } from "../protocol/validation.ts";
import { text, uuid } from "../protocol/values.ts";
import { listEnterprises } from "../store/directory.ts";
import type { PropertyScope } from "../store/scope.ts";

const ThreadAction = Type.Object({ MessageThreadId: uuid("The thread to act on.") });
const Reply = Type.Object({ ...ThreadAction.properties, Text: text(maxTextLength, { description: "The reply." }) });

/** What the property's staff do in the sandbox; each answers what it made or changed, as JSON. */
export const staffActions = {
  reply: action(Reply, async (parts, { MessageThreadId, Text }) =>
    reply(parts, await everywhere(parts), MessageThreadId.toLowerCase(), Text),
  ),
  resolve: action(ThreadAction, async (parts, { MessageThreadId }) =>
    setResolved(parts, await everywhere(parts), MessageThreadId.toLowerCase(), true),
  ),
  reopen: action(ThreadAction, async (parts, { MessageThreadId }) =>
    setResolved(parts, await everywhere(parts), MessageThreadId.toLowerCase(), false),
  ),
};

export type StaffAction = keyof typeof staffActions;

/** `POST /sandbox/v1/messageThreads/{action}`, from this machine only: there is no other authentication. */
export function staffRoutes(server: FastifyInstance, parts: Parts): void {
  for (const [name, run] of Object.entries(staffActions)) {
    server.post(`/sandbox/v1/messageThreads/${name}`, { onRequest: exactPath }, async (request, reply) => {
      if (!isFromThisMachine(request)) throw notFound();
      const body = readBody(request.headers["content-type"], request.body as Buffer | undefined);
      return reply.type("application/json; charset=utf-8").send(await run(parts, body));
    });
  }
}

/**
 * A proxy on this machine would speak for anybody, and a web page could have its name lead here: whatever was forwarded,
 * or asked for under another name than this machine's own, is from elsewhere.
 */
function isFromThisMachine({ socket, headers, hostname }: FastifyRequest): boolean {
  if (headers["x-forwarded-for"] ?? headers.forwarded) return false;
  if (!/^(?:localhost|127\.[\d.]+|\[?::1\]?)$/.test(hostname)) return false;
  return /^(?:127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? "");
}

function action<T extends Type.TSchema>(schema: T, run: (parts: Parts, input: Type.Static<T>) => Promise<string>) {
  const check: Check<Type.Static<T>> = checkOf(schema);
  return (parts: Parts, input: unknown) => run(parts, check(input));
}

/** The sandbox's staff works at every property. */
async function everywhere({ store }: Parts): Promise<PropertyScope> {
  const enterprises = await listEnterprises(store.db);
  return { clientId: null, enterpriseIds: enterprises.map(({ id }) => id) };
}
