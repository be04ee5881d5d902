import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";
import { startSandbox, type TestServer } from "../../support/server/server.ts";
import { atNet, johnDoe, nobody } from "../../support/server/world.ts";

const stranger = { tokens: { ClientToken: "no client", AccessToken: "no access" } };
const seconds = 1_000_000;

/** A sandbox of three requests in 30 s, whose clock stands still; `at` sets it and tells how a request fares. */
async function limited(t: TestContext, flags = {}) {
  const start = Date.UTC(2026, 0, 1) * 1000;
  let now = start;
  const server = await startSandbox(t, { "rate-limit": "3/30s", ...flags }, { clock: () => now });
  async function at(second: number, ...asked: Partial<Parameters<TestServer["call"]>>): Promise<string> {
    now = start + Math.round(second * seconds);
    const [operation = "configuration/get", properties, options] = asked;
    const { status, headers } = await server.call(operation, properties, options);
    const retryAfter = headers.get("Retry-After");
    return retryAfter === null ? String(status) : `${status} for ${retryAfter}`;
  }
  return { ...server, at };
}

test("a request over the limit is refused until just the time that Retry-After says", async (t) => {
  const { at } = await limited(t);
  for (const second of [0, 10, 20]) assert.equal(await at(second), "200");
  assert.equal(await at(20), "429 for 10");
  assert.equal(await at(29.999999), "429 for 1");
  assert.equal(await at(30), "200");
  assert.equal(await at(30), "429 for 10");
  assert.equal(await at(40), "200");
  assert.equal(await at(40.5), "429 for 10");
  assert.equal(await at(50.5), "200");
});

test("refused requests do not make the wait longer", async (t) => {
  const { at } = await limited(t);
  for (let request = 0; request < 3; request++) assert.equal(await at(0), "200");
  for (let second = 0; second < 30; second++) assert.equal(await at(second), `429 for ${30 - second}`);
  for (let request = 0; request < 3; request++) assert.equal(await at(30), "200");
  assert.equal(await at(30), "429 for 30");
});

test("each access token has its own share, also of the same client", async (t) => {
  const { at } = await limited(t);
  for (let request = 0; request < 3; request++) await at(0);
  assert.equal(await at(0), "429 for 30");
  assert.equal(await at(0, "configuration/get", {}, atNet), "200");
});

test("every authenticated request counts, whatever its answer", async (t) => {
  const { at } = await limited(t);
  assert.equal(await at(0, "messageThreads/add", {}), "400");
  const minimal = { headers: { Prefer: "return=minimal" } };
  assert.equal(await at(0, "messageThreads/getAll", { MessageThreadIds: [nobody] }, minimal), "204");
  assert.equal(await at(0, "messageThreads/add", johnDoe, { headers: { "Idempotency-Key": "" } }), "400");
  assert.equal(await at(0), "429 for 30");
  assert.equal(await at(0, "messageThreads/add", {}), "429 for 30");
});

test("unauthenticated requests count together for their address, and not for a token", async (t) => {
  const { at } = await limited(t);
  assert.equal(await at(0, "configuration/get", {}, stranger), "401");
  assert.equal(await at(0, "configuration/get", { Client: "" }), "400");
  assert.equal(await at(0, "configuration/get", {}, { tokens: { ...demoTokens, ClientToken: "another" } }), "401");
  assert.equal(await at(0, "configuration/get", {}, stranger), "429 for 30");
  for (let request = 0; request < 3; request++) assert.equal(await at(0), "200");
  assert.equal(await at(0), "429 for 30");
  assert.equal(await at(30, "configuration/get", {}, stranger), "401");
});

test("X-Forwarded-For is the remote address only behind a trusted proxy", async (t) => {
  const from = (address: string) => ({ ...stranger, headers: { "X-Forwarded-For": address } });
  const open = await limited(t);
  for (const last of [1, 2, 3]) await open.at(0, "configuration/get", {}, from(`192.0.2.${last}`));
  assert.equal(await open.at(0, "configuration/get", {}, from("192.0.2.4")), "429 for 30");

  const proxied = await limited(t, { "trust-proxy": "127.0.0.1" });
  for (let request = 0; request < 3; request++) await proxied.at(0, "configuration/get", {}, from("192.0.2.1"));
  assert.equal(await proxied.at(0, "configuration/get", {}, from("192.0.2.1")), "429 for 30");
  assert.equal(await proxied.at(0, "configuration/get", {}, from("192.0.2.2")), "401");
});

test("unless told otherwise, a token has 200 requests in 30 seconds", async (t) => {
  const { at } = await limited(t, { "rate-limit": undefined });
  const first = await Promise.all(Array.from({ length: 200 }, () => at(0)));
  assert.deepEqual([...new Set(first)], ["200"]);
  assert.equal(await at(29), "429 for 1");
  assert.equal(await at(30), "200");
});
