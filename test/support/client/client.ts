import { setImmediate } from "node:timers/promises";
import { type ClientOptions, type Connector, createClient } from "../../../client/src/client.ts";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";

export const credentials = {
  clientToken: demoTokens.ClientToken,
  accessToken: demoTokens.AccessToken,
  client: "Test 1.0.0",
};

/** A client with the token of client 1's portfolio that waits for nothing between its attempts. */
export function clientOf(
  { url }: { readonly url: string },
  options: Partial<ClientOptions> = {},
): Connector & { readonly waits: readonly number[] } {
  const waits: number[] = [];
  const sleep: ClientOptions["sleep"] = async (milliseconds, signal) => {
    waits.push(milliseconds);
    // Lets timers and connections have their turn.
    await setImmediate();
    signal?.throwIfAborted();
  };
  return { ...createClient({ platformAddress: url, ...credentials, sleep, random: () => 0, ...options }), waits };
}

/** One request as a scripted server got it. */
export interface Asked {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** Answers a request; what it throws is a connection that fails. */
export type Step = (asked: Asked) => Response | Promise<Response>;

/** A `fetch` that answers each request by the next step, and the last one again and again. */
export function scripted(...steps: readonly Step[]) {
  const asked: Asked[] = [];
  const fetch: NonNullable<ClientOptions["fetch"]> = async (url, { headers, body, signal }) => {
    const request: Asked = { url, headers, body: JSON.parse(body) as Asked["body"], signal };
    asked.push(request);
    const step = steps[Math.min(asked.length, steps.length) - 1];
    if (!step) throw new Error("Nothing was scripted.");
    return step(request);
  };
  return { asked, fetch };
}

/** A step that answers this. */
export function answer(status: number, body: unknown = {}, headers: Readonly<Record<string, string>> = {}): Step {
  return () => new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
}

/** A step in which the connection breaks, as Node's `fetch` tells of it. */
export function broken(details: object = { code: "ECONNRESET", syscall: "read" }): Step {
  return () => {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("the connection broke"), details) });
  };
}

/** All that an iterable yields. */
export async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
