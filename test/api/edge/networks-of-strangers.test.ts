import assert from "node:assert/strict";
import { test } from "node:test";
import { startSandbox } from "../../support/server/server.ts";

const strangers = { ClientToken: "unknown", AccessToken: "unknown", Client: "Stranger 1.0.0" };

test("callers without tokens share one limit where their IPv6 addresses have the same first 64 bits", async (t) => {
  const server = await startSandbox(t, { "rate-limit": "2/30s", "trust-proxy": "127.0.0.1" });
  const from = async (address: string) => {
    const headers = { "X-Forwarded-For": address };
    return (await server.send("configuration/get", JSON.stringify(strangers), headers)).status;
  };
  assert.equal(await from("2001:db8:1:2::1"), 401);
  assert.equal(await from("2001:db8:1:2:ffff::7"), 401);
  assert.equal(await from("2001:db8:1:2::3"), 429);
  assert.equal(await from("2001:db8:1:3::1"), 401);
  assert.equal(await from("192.0.2.1"), 401);
  assert.equal(await from("::ffff:192.0.2.1"), 401);
  assert.equal(await from("192.0.2.1"), 429);
});
