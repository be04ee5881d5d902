import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { invalid } from "../../core/problem.ts";
import { answerEvents, type EventStream, eventStream } from "../../http/event-stream.ts";
import { exactPath } from "../../http/exact-path.ts";
import type { World } from "../worlds/world.ts";
import { maxEntries, type Traffic } from "./traffic.ts";

export const livePath = "/sandbox/v1/live";

/** How often to send a comment that keeps the connection open, in milliseconds. */
const heartbeat = 15_000;

/** `GET /sandbox/v1/live`: what goes over the wire of a world and what else changes, as server-sent events. */
export function liveRoute(
  server: FastifyInstance,
  worldOf: (request: FastifyRequest, exchange: ServerResponse) => Promise<World>,
): void {
  server.get(livePath, { onRequest: exactPath }, async (request, reply) => {
    const world = await worldOf(request, reply.raw);
    const after = startAfter(request, world.traffic);
    const stream = eventStream(request);
    show(world, after, stream);
    return answerEvents(reply, stream);
  });
}

function show({ traffic, onChange, onOver }: World, after: number, stream: EventStream): void {
  const { body } = stream;
  let shown = after;

  /** Entries that a slow reader can't take yet stay in the traffic, which drops the oldest when there are too many. */
  function showTraffic(): void {
    for (const entry of traffic.after(shown, maxEntries)) {
      if (body.writableNeedDrain) return;
      shown = entry.Number;
      stream.send("traffic", entry, shown);
    }
  }

  const timer = setInterval(() => stream.comment("still here"), heartbeat).unref();
  const ends = [
    traffic.onEntry(showTraffic),
    onChange(() => stream.send("state", {})),
    onOver(() => stream.end("over")),
    () => clearInterval(timer),
  ];
  body.on("drain", showTraffic);
  const leave = () => {
    for (const end of ends) end();
  };
  body.once("finish", leave);
  body.once("close", leave);
  stream.comment("welcome");
  showTraffic();
}

/**
 * The number of the entry that a page has seen last; without one, that of the last entry there is.
 * @throws Problem (invalid) for a value that is no number
 */
function startAfter(request: FastifyRequest, traffic: Traffic): number {
  const last = traffic.after(0, 1)[0]?.Number ?? 0;
  const asked = request.headers["last-event-id"] ?? new URL(request.url, "http://innbox").searchParams.get("after");
  if (asked === null || asked === "") return last;
  if (!/^\d{1,15}$/.test(String(asked))) throw invalid("after must be the number of an entry.");
  // A number beyond the last one comes from the world before a reset: all entries of this world are new to the page.
  return Number(asked) > last ? 0 : Number(asked);
}
