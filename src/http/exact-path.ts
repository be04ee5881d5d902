import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { Problem } from "../core/problem.ts";

/** Routers decode and normalize; an address counts only as it is printed (contract, section 1). A query is ignored. */
export function exactPath(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const url = request.raw.url ?? "";
  const path = request.routeOptions.url ?? "";
  const isExact = url.startsWith(path) && (url.length === path.length || url[path.length] === "?");
  if (isExact) done();
  else done(notFound());
}

export function notFound(): Problem {
  return new Problem("notFound", "There is nothing at this address; see /docs for what there is.");
}
