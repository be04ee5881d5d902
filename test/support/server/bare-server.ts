import { randomUUID } from "node:crypto";
import { type Flags, readConfig } from "../../../src/config/config.ts";
import type { Refusals } from "../../../src/http/refusals.ts";
import { createServer, type Server, type ServerOptions } from "../../../src/http/server.ts";
import { listenAt } from "../../../src/listen.ts";
import type { Scope } from "../run/scope.ts";

export interface BareServer {
  readonly server: Server;
  readonly url: string;
  /** What was refused because there was too much of it, once for each refusal. */
  readonly refused: readonly string[];
  /** The statuses of what was answered, in the order of the log. */
  readonly answered: readonly number[];
}

/** The HTTP edge by itself, with routes of the test's own, which decide when they answer. */
export async function startBareServer(
  t: Scope,
  flags: Flags,
  addRoutes: (server: Server) => void,
  options: Partial<ServerOptions> = {},
): Promise<BareServer> {
  const refused: string[] = [];
  const answered: number[] = [];
  const refusals: Refusals = { count: (kind) => refused.push(kind), stop: () => undefined };
  const nothing = () => undefined;
  const server = createServer({
    ...readConfig(flags, {}),
    newIdentifier: randomUUID,
    log: { answered: ({ status }) => answered.push(status), attempted: nothing, failed: nothing, note: nothing },
    refusals,
    refusal: nothing,
    ...options,
  });
  addRoutes(server);
  const url = await listenAt(server.fastify, { host: "127.0.0.1", port: 0 });
  t.after(() => server.stop(0));
  return { server, url, refused, answered };
}
