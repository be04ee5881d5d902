import type { IncomingMessage } from "node:http";
import { invalid } from "../../core/problem.ts";
import { isSandboxName } from "../../protocol/sandbox/sandbox-values.ts";

/** The world of requests that name none. */
export const defaultWorld = "default";

/** The header that names the world of a request. */
export const worldHeader = "Innbox-World";

/**
 * The name of the world that a request is about: from its header, or else from its host, as in
 * `http://NAME.localhost:8080`.
 * @throws Problem (invalid) for a header or a host that holds no valid name
 */
export function worldNameOf({ headers }: Pick<IncomingMessage, "headers">): string {
  const named = headers[worldHeader.toLowerCase()];
  if (named !== undefined) return checked(worldHeader, String(named));
  const [, name] = /^(.+)\.localhost(?::\d+)?$/i.exec(headers.host ?? "") ?? [];
  return name === undefined ? defaultWorld : checked("A world's name in the host", name.toLowerCase());
}

function checked(property: string, name: string): string {
  if (isSandboxName(name)) return name;
  throw invalid(`${property} must have 1 to 63 lower-case letters, digits and hyphens.`);
}
