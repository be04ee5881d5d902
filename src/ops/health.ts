import type { FastifyInstance } from "fastify";
import { unavailable } from "../errors.ts";
import { exactPath } from "../http/exact-path.ts";
import type { Db } from "../store/db.ts";
import { pendingMigrations } from "../store/migrations.ts";

/** `live`: the process answers. `ready`: the database answers too, and its schema is the one that this version needs. */
export function healthRoutes(server: FastifyInstance, db: Db): void {
  server.get("/health/live", { onRequest: exactPath }, async (_request, reply) =>
    reply.type("application/json; charset=utf-8").send('{"Status":"live"}'),
  );
  server.get("/health/ready", { onRequest: exactPath }, async (_request, reply) => {
    const pending = await pendingMigrations(db);
    if (pending.length > 0) throw unavailable("The database needs innbox migrate.");
    return reply.type("application/json; charset=utf-8").send('{"Status":"ready"}');
  });
}
