import type { IncomingMessage } from "node:http";
import { invalid } from "../../core/problem.ts";
import { isSandboxName } from "../../protocol/sandbox/sandbox-values.ts";

/** The world that is asked when a request names none. */
export const defaultWorld = "default";

/** Names the world that a request is about. */
export const worldHeader = "Innbox-World";

/**
 * The world that a request is about: by its header, else by its host, as in `http://NAME.localhost:8080`.
 * @throws Problem (invalid) for what is no name in either place
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
