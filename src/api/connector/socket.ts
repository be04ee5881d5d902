import { invalid, Problem } from "../../core/problem.ts";
import type { SocketServer } from "../../delivery/sockets/socket-server.ts";
import { cookieIn } from "../../http/cookies.ts";
import { exactPath } from "../../http/exact-path.ts";
import { networkOf } from "../../http/network.ts";
import type { CountRequest } from "../../http/rate-limit.ts";
import type { Server } from "../../http/server.ts";
import type { Authenticate } from "./authentication.ts";

const path = "/ws/connector";

export interface ConnectorSocket {
  readonly sockets: SocketServer;
  readonly authenticate: Authenticate;
  readonly countUnauthenticated: CountRequest;
  /** Ignores `?after=`, which the published API does not have. */
  readonly isStrict: boolean;
}

/** `GET /ws/connector` with the tokens in cookies (contract, section 6). */
export function connectorSocket(
  server: Server,
  { sockets, authenticate, countUnauthenticated, isStrict }: ConnectorSocket,
): void {
  server.onUpgrade(path, async (handshake) => {
    const { request, address } = handshake;
    const token = (name: string) => cookieIn(request.headers.cookie, name) ?? "";
    const credentials = { ClientToken: token("ClientToken"), AccessToken: token("AccessToken"), Client: "WebSocket" };
    const identify = async () => {
      const { tokenKey, scope, expires } = await authenticate(credentials);
      return { tokenKey, scope, expires };
    };
    const after = isStrict ? null : new URL(request.url ?? "", "ws://innbox").searchParams.get("after");
    try {
      const { scope } = await sockets.accept(handshake, after, identify);
      return { clientId: scope.clientId };
    } catch (error) {
      if (error instanceof Problem && error.kind === "unauthenticated") countUnauthenticated(networkOf(address));
      throw error;
    }
  });
  server.fastify.get(path, { onRequest: exactPath }, () => {
    throw invalid("This address speaks WebSocket only; see /docs.");
  });
}
