import type { ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { invalid } from "../../core/problem.ts";
import { exactPath } from "../../http/exact-path.ts";
import type { World } from "../worlds/world.ts";
import { maxEntries, type Traffic } from "./traffic.ts";

export const livePath = "/sandbox/v1/live";

/** How often to show that the connection is still there, in milliseconds. */
const heartbeat = 15_000;

/** `GET /sandbox/v1/live`: what goes over the wire of a world and what else changes, as server-sent events. */
export function liveRoute(
  server: FastifyInstance,
  worldOf: (request: FastifyRequest, exchange: ServerResponse) => Promise<World>,
): void {
  server.get(livePath, { onRequest: exactPath }, async (request, reply) => {
    const world = await worldOf(request, reply.raw);
    const after = startAfter(request, world.traffic);
    const stream = new PassThrough();
    request.raw.once("close", () => stream.destroy());
    show(world, after, stream);
    return reply
      .type("text/event-stream; charset=utf-8")
      .header("Cache-Control", "no-store")
      .header("X-Accel-Buffering", "no")
      .send(stream);
  });
}

function show({ traffic, onChange, onOver }: World, after: number, stream: PassThrough): void {
  let shown = after;

  /** What a slow reader can't take waits in the traffic, which forgets it when there is too much. */
  function showTraffic(): void {
    for (const entry of traffic.after(shown, maxEntries)) {
      if (stream.writableNeedDrain) return;
      shown = entry.Number;
      stream.write(`event: traffic\nid: ${shown}\ndata: ${JSON.stringify(entry)}\n\n`);
    }
  }

  const timer = setInterval(() => stream.write(": still here\n\n"), heartbeat).unref();
  const ends = [
    traffic.onEntry(showTraffic),
    onChange(() => stream.write("event: state\ndata: {}\n\n")),
    onOver(() => stream.end("event: over\ndata: {}\n\n")),
    () => clearInterval(timer),
  ];
  stream.on("drain", showTraffic);
  const leave = () => {
    for (const end of ends) end();
  };
  stream.once("finish", leave);
  stream.once("close", leave);
  stream.write(": welcome\n\n");
  showTraffic();
}

/**
 * The number that a page has seen last, or the last one there is.
 * @throws Problem (invalid) for what is no number
 */
function startAfter(request: FastifyRequest, traffic: Traffic): number {
  const last = traffic.after(0, 1)[0]?.Number ?? 0;
  const asked = request.headers["last-event-id"] ?? new URL(request.url, "http://innbox").searchParams.get("after");
  if (asked === null || asked === "") return last;
  if (!/^\d{1,15}$/.test(String(asked))) throw invalid("after must be the number of an entry.");
  // A number that is yet to come is of the world that was reset: all of this one is new.
  return Number(asked) > last ? 0 : Number(asked);
}
