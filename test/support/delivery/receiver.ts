import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Scope } from "../run/scope.ts";

/** A request that arrived whole. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent. */
  readonly text: string;
  /** When it arrived, in milliseconds of `performance.now`. */
  readonly at: number;
}

/** What a receiver does with a request: answers a status, or handles the response itself. */
export type Respond = (received: Received, response: ServerResponse, request: IncomingMessage) => number | undefined;

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Changes what it answers from now on. */
  respond(respond: Respond): void;
  /** Resolves with everything that was received once `isEnough` says so; never in vain, since tests have a timeout. */
  until(isEnough: (received: readonly Received[]) => boolean): Promise<readonly Received[]>;
  /** The same for a number of requests. */
  requests(count: number): Promise<readonly Received[]>;
}

/** A partner's server on this machine, which answers 200 unless told otherwise. Gone when the test ends. */
export async function startReceiver(t: Scope, initial: Respond = () => 200): Promise<Receiver> {
  const received: Received[] = [];
  let respond = initial;
  let waiting: { isEnough: (received: readonly Received[]) => boolean; resolve: () => void }[] = [];

  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString("utf8");
      const { method = "", url = "", headers } = request;
      const one: Received = { method, path: url, headers, text, at: performance.now() };
      received.push(one);
      const status = respond(one, response, request);
      if (status !== undefined) response.writeHead(status).end();
      for (const { isEnough, resolve } of waiting) if (isEnough(received)) resolve();
      waiting = waiting.filter(({ isEnough }) => !isEnough(received));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });

  const until = async (isEnough: (received: readonly Received[]) => boolean) => {
    if (!isEnough(received)) await new Promise<void>((resolve) => waiting.push({ isEnough, resolve }));
    return received;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    respond: (next) => {
      respond = next;
    },
    until,
    requests: (count) => until((all) => all.length >= count),
  };
}

/** Leaves requests without an answer until the result is called, which answers them and whatever comes later. */
export function hold({ respond }: Receiver): (status: number) => void {
  const held: ServerResponse[] = [];
  respond((_, response) => {
    held.push(response);
    return undefined;
  });
  return (status) => {
    respond(() => status);
    for (const response of held) response.writeHead(status).end();
  };
}
