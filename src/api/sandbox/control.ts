import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { exactPath } from "../../http/exact-path.ts";
import { sandboxApi } from "../../protocol/sandbox/sandbox-api.ts";
import { liveRoute } from "../../sandbox/traffic/live.ts";
import { exportLines } from "../../sandbox/worlds/state-lines.ts";
import type { WorldContext } from "../../sandbox/worlds/world.ts";
import { worldNameOf } from "../../sandbox/worlds/world-names.ts";
import type { Exchange, Image, Worlds } from "../../sandbox/worlds/worlds.ts";
import { descriptionRoute } from "../routes.ts";
import { worldOperations } from "./operations.ts";
import type { SandboxOperation } from "./sandbox-operation.ts";
import { endTimeLimit, mustBeFromThisMachine, sandboxRoutes } from "./sandbox-routes.ts";
import { type StateContext, stateOperations } from "./state.ts";

export const sandboxOperations: readonly Pick<SandboxOperation, "description">[] = [
  ...worldOperations,
  ...stateOperations,
];

/** `/sandbox/v1/…`, from this machine only: there is no other authentication. */
export function controlRoutes(server: FastifyInstance, worlds: Worlds): void {
  const snapshots = new Map<string, Image>();
  server.addHook("onClose", async () => {
    for (const { db } of snapshots.values()) await db.close();
  });
  const worldOf = ({ raw }: FastifyRequest, exchange?: Exchange) => worlds.find(worldNameOf(raw), exchange);

  sandboxRoutes(server, worldOperations, async (request): Promise<WorldContext> => {
    const { store, ...world } = await worldOf(request);
    return { ...world, db: store.until(request.deadline) };
  });
  sandboxRoutes(server, stateOperations, async (request): Promise<StateContext> => {
    return { worlds, snapshots, name: worldNameOf(request.raw) };
  });
  liveRoute(server, async (request, exchange) => {
    mustBeFromThisMachine(request);
    return worldOf(request, exchange);
  });
  const onRequest = [exactPath, async (request: FastifyRequest) => mustBeFromThisMachine(request)];
  server.get("/sandbox/v1/export", { onRequest }, async (request, reply) => {
    endTimeLimit(request);
    // An image is of one moment. The database itself could change while it is exported.
    const { db } = await worlds.takeImage(worldNameOf(request.raw));
    const lines = Readable.from(exportLines(db)).once("close", () => void db.close());
    return reply.type("application/jsonl; charset=utf-8").send(lines);
  });
  descriptionRoute(server, "/openapi-sandbox.json", sandboxApi, sandboxOperations);
}
