import type { FastifyInstance } from "fastify";
import { builtPage } from "./built-page.ts";

/** Every address that the page gives itself, such as `/inbox/awaiting/8d02142f-31cf-4115-90bf-ae5200c7a1ba`. */
const ownAddress = /^\/inbox(?:\/[a-z]{1,20}(?:\/[0-9A-Fa-f-]{36})?)?$/;

/** The page that the people of a property work with. @param isFramed  pages of this server may show it in a frame */
export function inboxPageRoutes(server: FastifyInstance, { isFramed = false } = {}): void {
  const answer = builtPage({ name: "inbox", address: ownAddress, frameAncestors: isFramed ? "'self'" : "'none'" });
  server.get("/inbox", answer);
  server.get("/inbox/*", answer);
}
