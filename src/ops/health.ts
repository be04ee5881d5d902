import type { FastifyInstance } from "fastify";
import { Problem, unavailable } from "../core/problem.ts";
import { exactPath } from "../http/exact-path.ts";
import { pendingMigrations } from "../store/migrations/migrations.ts";
import type { Store } from "../store/store.ts";
import { webhooksHeldSince } from "../store/webhooks/hold.ts";
import { descriptorTrouble } from "./descriptors.ts";

/**
 * `live`: the process answers. `ready`: the database answers too, took what was written last, and has a schema that this
 * version works with.
 * @param refusal  why the server is still waiting for its database
 * @param damage  what a check of the whole database has found
 */
export function healthRoutes(
  server: FastifyInstance,
  { db, trouble }: Store,
  refusal: () => Problem | undefined,
  damage: () => Promise<string | undefined>,
): void {
  server.get("/health/live", { onRequest: exactPath }, async (_request, reply) =>
    reply.type("application/json; charset=utf-8").send('{"Status":"live"}'),
  );
  server.get("/health/ready", { onRequest: exactPath }, async (request, reply) => {
    const reason = refusal();
    if (reason) throw reason;
    const harm = db.damage() ?? (await damage());
    if (harm !== undefined) throw unavailable(harm);
    const reader = db.until(request.deadline);
    const pending = await pendingMigrations(reader, db.engine).catch(inPlainWords);
    if (pending.length > 0) throw unavailable("The schema of the database is older than this version of Innbox.");
    const why = trouble();
    if (why !== undefined) throw unavailable(why);
    const shortage = descriptorTrouble();
    if (shortage !== undefined) throw unavailable(shortage);
    const isHeld = (await webhooksHeldSince(reader).catch(inPlainWords)) !== undefined;
    const status = { Status: "ready", ...(isHeld && { Webhooks: "held" }) };
    return reply.type("application/json; charset=utf-8").send(JSON.stringify(status));
  });
}

/** Here it is the operator who asks, and may know what is wrong with the machine. */
function inPlainWords(error: unknown): never {
  throw error instanceof Problem ? unavailable(error.message) : error;
}
