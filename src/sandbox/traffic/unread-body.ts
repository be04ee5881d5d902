import type { IncomingMessage } from "node:http";
import { type KeptBody, keptBody } from "./kept-body.ts";

/** How long a refused request's body is waited for, in milliseconds: most of them come with their headers. */
const patience = 200;

/** The beginning of a body that nobody else reads, as far as it comes soon. */
export function unreadBody(request: IncomingMessage): Promise<KeptBody> {
  const kept = keptBody();
  // Somebody reads it, or did.
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
