import type { IncomingMessage } from "node:http";
import { type KeptBody, keptBody } from "./kept-body.ts";

/** How long to wait for the body of a refused request, in milliseconds: most bodies come with the headers. */
const patience = 200;

/** The beginning of a body that the server does not read itself, as far as it comes soon. */
export function unreadBody(request: IncomingMessage): Promise<KeptBody> {
  const kept = keptBody();
  // The server reads it, or has read it.
  if (request.readableFlowing !== null || request.destroyed) return Promise.resolve(kept);
  return new Promise((resolve) => {
    const timer = setTimeout(end, patience);
    function end(): void {
      clearTimeout(timer);
      request.off("data", add);
      resolve(kept);
    }
    function add(piece: Buffer): void {
      kept.add(piece);
      if (kept.isCut()) end();
    }
    request.on("data", add);
    request.once("end", end);
    request.once("close", end);
  });
}
