import type { FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../errors.ts";

/** Routers decode and normalize; an address counts only as it is printed (contract, section 1). A query is ignored. */
export async function exactPath(request: FastifyRequest, _reply: FastifyReply): Promise<void> {
  const { url } = request.raw;
  const end = url?.indexOf("?") ?? -1;
  if ((end < 0 ? url : url?.slice(0, end)) !== request.routeOptions.url) throw notFound();
}

export function notFound(): Problem {
  return new Problem("notFound", "There is nothing at this address; see /docs for what there is.");
}
