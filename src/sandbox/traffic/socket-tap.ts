import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import { cookieIn } from "../../http/cookies.ts";
import { formatWorldTime } from "../clock/world-time.ts";
import type { World } from "../worlds/world.ts";
import type { ClientNameOf } from "./client-names.ts";
import { blank, millisecondsSince, plainHeaders } from "./traffic.ts";

type Handshake = ReturnType<typeof readHandshake>;

/** Records the requests that open WebSockets, and their answers. */
export function tapSockets(
  server: Server,
  { traffic, worldClock }: Pick<World, "traffic" | "worldClock">,
  clientNameOf: ClientNameOf,
): void {
  // The listener must run before the server's own one, which may answer at once.
  server.prependListener("upgrade", async (request: IncomingMessage, socket: Socket) => {
    const startedUtc = formatWorldTime(worldClock.now());
    const start = performance.now();
    const token = cookieIn(request.headers.cookie, "ClientToken");
    const { status, headers, body } = await handshakeOn(socket);
    const milliseconds = millisecondsSince(start);
    traffic.record({
      ...blank,
      Kind: "Socket",
      StartedUtc: startedUtc,
      Milliseconds: milliseconds,
      Client: token ? await clientNameOf(token) : null,
      Method: request.method ?? "GET",
      Address: request.url ?? "",
      RequestHeaders: plainHeaders(request.headers),
      Status: status,
      ResponseHeaders: headers,
      ResponseBody: body,
      Error: status === null ? "The connection ended before it was answered." : null,
    });
  });
}

/** Reads the answer as the first thing that is written to the connection, since Node has no response for an upgrade. */
function handshakeOn(socket: Socket): Promise<Handshake> {
  const { write, end } = socket;
  return new Promise((resolve) => {
    const heard = (answer: unknown) => {
      socket.write = write;
      socket.end = end;
      resolve(readHandshake(typeof answer === "string" || Buffer.isBuffer(answer) ? answer.toString() : ""));
    };
    socket.write = (...given: unknown[]) => {
      heard(given[0]);
      return Reflect.apply(write, socket, given);
    };
    socket.end = (...given: unknown[]) => {
      heard(given[0]);
      return Reflect.apply(end, socket, given);
    };
    socket.once("close", () => heard(undefined));
  });
}

function readHandshake(answer: string) {
  const [head = "", body = ""] = answer.split("\r\n\r\n", 2);
  const [first = "", ...lines] = head.split("\r\n");
  const status = /^HTTP\/1\.1 (\d{3})/.exec(first)?.[1];
  const headers = lines.map((line) => [line.split(":", 1)[0] ?? "", line.slice(line.indexOf(":") + 1).trim()]);
  return {
    status: status === undefined ? null : Number(status),
    headers: plainHeaders(Object.fromEntries(headers)),
    body: body === "" ? null : body,
  };
}
