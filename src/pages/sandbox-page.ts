import type { FastifyInstance } from "fastify";
import { builtPage } from "./built-page.ts";

/** The sandbox's own page at `/`: the guest, the property, and the wire between them. */
export function sandboxPageRoutes(server: FastifyInstance): void {
  const answer = builtPage({ name: "sandbox", address: /^\/$/, frameAncestors: "'none'", hasFrames: true });
  server.get("/", answer);
  server.get("/sandbox/assets/*", answer);
}
