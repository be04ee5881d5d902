import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { startSandbox } from "../support/server/server.ts";
import { publishedThread } from "../support/server/world.ts";

/** Sends headers that `fetch` would not. */
async function ask(url: string, method: string, headers: Record<string, string>, body = "") {
  const asked = request(url, { method, headers });
  asked.end(body);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { status: answer.statusCode, text: await text(answer) };
}

const visitors: [name: string, headers: Record<string, string>, status: number][] = [
  ["this machine", {}, 200],
  ["a proxy for somebody else", { "X-Forwarded-For": "203.0.113.7" }, 404],
  ["a proxy that says so in the other way", { Forwarded: "for=203.0.113.7" }, 404],
  ["a web page whose name leads here", { Host: "hotel.example" }, 404],
];

for (const [name, headers, status] of visitors) {
  test(`the property's side of the sandbox answers ${status} to ${name}`, async (t) => {
    const { url } = await startSandbox(t);
    const address = `${url}/sandbox/v1/messageThreads/resolve`;
    const body = JSON.stringify({ MessageThreadId: publishedThread });
    const answer = await ask(address, "POST", { "Content-Type": "application/json", ...headers }, body);
    assert.equal(answer.status, status, answer.text);
  });
}

test("a clock that is set back keeps no caller out", async (t) => {
  let now = Date.UTC(2026, 0, 1) * 1000;
  const { call } = await startSandbox(t, { "rate-limit": "2/30s" }, { clock: () => now });
  await call("configuration/get");
  await call("configuration/get");
  assert.equal((await call("configuration/get")).status, 429);
  now -= 3_600_000_000;
  assert.equal((await call("configuration/get")).status, 200);
});
