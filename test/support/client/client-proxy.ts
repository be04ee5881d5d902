import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { TestContext } from "node:test";

/** How a connection breaks: before the server hears of the request, once it has answered, or within that answer. */
export type Break = "before" | "after" | "within";

export interface Proxy {
  readonly url: string;
  readonly counts: Readonly<Record<Break | "whole", number>>;
}

/** Stands before a server and breaks the connection of each request for which `next` says how. */
export async function breakingProxy(t: TestContext, target: string, next: () => Break | undefined): Promise<Proxy> {
  const counts = { before: 0, after: 0, within: 0, whole: 0 };
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const end = next();
    counts[end ?? "whole"] += 1;
    if (end === "before") return response.destroy();
    const answer = await fetch(target + request.url, { method: "POST", headers: passedOn(request.headers), body });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (end === "after") return response.destroy();
    response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), "content-length": bytes.length });
    if (end === "within") return breakWithin(response, bytes);
    response.end(bytes);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, counts };
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const names = ["content-type", "idempotency-key"];
  return Object.fromEntries(names.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : [])));
}

function breakWithin(response: ServerResponse, bytes: Uint8Array): void {
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

/** Breaks this share of the connections in all three ways, the same ones for the same seed. */
export function seededBreaks(seed: number, share: number): () => Break | undefined {
  let state = seed;
  const random = () => {
    // The generator of Park and Miller.
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const ways: readonly Break[] = ["before", "after", "within"];
  return () => (random() < share ? ways[Math.floor(random() * ways.length)] : undefined);
}
