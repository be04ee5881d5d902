import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { Problem } from "../../src/core/problem.ts";
import { isPublic } from "../../src/delivery/webhooks/addresses.ts";
import { webhookCaller } from "../../src/delivery/webhooks/call.ts";
import { type DestinationRules, destinations, type Lookup } from "../../src/delivery/webhooks/destination.ts";
import { startReceiver } from "../support/delivery/receiver.ts";

/** A DNS that knows these hosts alone. */
function knowing(hosts: Readonly<Record<string, readonly string[]>>): Lookup {
  return (hostname, _options, callback) => {
    const addresses = (hosts[hostname] ?? []).map((address): LookupAddress => ({ address, family: isIP(address) }));
    callback(addresses.length > 0 ? null : new Error(`getaddrinfo ENOTFOUND ${hostname}`), addresses);
  };
}

const lookup = knowing({
  "bot.example": ["93.184.216.34", "2606:2800:220:1::1"],
  "half.example": ["93.184.216.34", "10.0.0.7"],
  "half6.example": ["93.184.216.34", "fd00::7"],
  "bot.lan": ["10.0.0.7"],
  "localhost.": ["127.0.0.1"],
  localhost: ["127.0.0.1", "::1"],
});

function rules(kind: DestinationRules["kind"], ...allow: string[]) {
  return destinations({ kind, allow, timeout: 5000, lookup });
}

/** Fulfilled for what may be called; `expected` matches the sentence of what may not. */
async function judged(to: ReturnType<typeof rules>, url: string, expected: RegExp | undefined): Promise<void> {
  const check = to.check(new URL(url));
  if (!expected) return check;
  await assert.rejects(
    check,
    (error) => error instanceof Problem && error.kind === "invalid" && expected.test(error.message),
  );
}

/** Any address, and more of those that matter. */
const address4 = fc
  .tuple(fc.constantFrom(undefined, 10, 127, 192, 172), fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
  .map(([network, a, ...rest]) => [network ?? a, ...rest] as const);

test("an address is refused in every spelling that a URL allows, before anything is looked up", () => {
  const production = rules("production");
  fc.assert(
    fc.property(address4, ([a, b, c, d]) => {
      const address = [a, b, c, d].join(".");
      const value = ((a * 256 + b) * 256 + c) * 256 + d;
      const whole = [`${address}.`, `${value}`, `0x${value.toString(16)}`, `0${value.toString(8)}`];
      const parts = [
        `${a}.${value % 2 ** 24}`,
        `${a}.${b}.${c * 256 + d}`,
        `0x${a.toString(16)}.${b}.${c}.0${d.toString(8)}`,
      ];
      for (const host of [address, ...whole, ...parts, `[::ffff:${address}]`, `[64:ff9b::${address}]`]) {
        const check = () => production.checkUrl(new URL(`https://${host}/hook`));
        if (isPublic(address)) check();
        else assert.throws(check, /is not an address of the public internet\.$/, host);
      }
    }),
  );
});

const outside = /^The host \S+ is at \S+, which is not an address of the public internet\.$/;
const notSecure = /^The URL must begin with https:\/\/\.$/;

const inProduction: [url: string, refusal: RegExp | undefined][] = [
  ["https://bot.example/hook?token=1", undefined],
  ["https://bot.example:8443/hook", undefined],
  ["https://93.184.216.34/hook", undefined],
  ["https://[2606:2800:220:1::1]/hook", undefined],
  ["http://bot.example/hook", notSecure],
  ["http://93.184.216.34/hook", notSecure],
  ["ftp://bot.example/hook", notSecure],
  ["file:///etc/passwd", notSecure],
  ["javascript:alert(1)", notSecure],
  ["https://user@bot.example/hook", /must not hold a user name or a password/],
  ["https://:password@bot.example/hook", /must not hold a user name or a password/],
  ["https://half.example/hook", outside],
  ["https://half6.example/hook", outside],
  ["https://bot.lan/hook", outside],
  ["https://localhost/hook", outside],
  ["https://localhost./hook", outside],
  ["https://127.1/hook", outside],
  ["https://0x7f000001/hook", outside],
  ["https://017700000001/hook", outside],
  ["https://[::1]/hook", outside],
  ["https://[::ffff:7f00:1]/hook", outside],
  ["https://169.254.169.254/latest/meta-data", outside],
  ["https://nowhere.example/hook", /^The host nowhere\.example can't be found\.$/],
];

const inTheSandbox: typeof inProduction = [
  ["http://localhost:3000/hook", undefined],
  ["http://127.0.0.2:3000/hook", undefined],
  ["http://[::1]:3000/hook", undefined],
  ["http://bot.example/hook", undefined],
  ["https://bot.example/hook", undefined],
  ["http://10.0.0.7/hook", outside],
  ["http://169.254.169.254/latest/meta-data", outside],
  ["http://0.0.0.0:3000/hook", outside],
  ["http://half.example/hook", outside],
  ["http://bot.lan/hook", outside],
  ["http://user:password@localhost:3000/hook", /must not hold a user name or a password/],
  ["ftp://localhost/hook", notSecure],
];

const open = ["bot.lan", "localhost:8443", "10.0.0.9:80"];
const withAnAllowList: typeof inProduction = [
  ["http://bot.lan/hook", undefined],
  ["https://bot.lan:9000/hook", undefined],
  ["https://localhost:8443/hook", undefined],
  ["http://localhost:8443/hook", undefined],
  ["http://10.0.0.9/hook", undefined],
  ["https://localhost:8444/hook", outside],
  ["https://localhost/hook", outside],
  ["https://10.0.0.9/hook", outside],
  ["https://10.0.0.8/hook", outside],
  ["http://bot.example/hook", notSecure],
  ["https://my.bot.lan/hook", /can't be found/],
  ["https://user@bot.lan/hook", /must not hold a user name or a password/],
  ["ftp://bot.lan/hook", notSecure],
];

for (const [place, to, table] of [
  ["a real installation", rules("production"), inProduction],
  ["the sandbox", rules("sandbox"), inTheSandbox],
  [`a real installation that allows ${open}`, rules("production", ...open), withAnAllowList],
] as const) {
  for (const [url, refusal] of table) {
    test(`${place} ${refusal ? "does not call" : "may call"} ${url}`, () => judged(to, url, refusal));
  }
}

test("a host on the allow-list is called at its port, and another port of it is not connected to", async (t) => {
  const [open, closed] = [await startReceiver(t), await startReceiver(t)];
  const host = (url: string) => url.replace("127.0.0.1", "localhost");
  const caller = webhookCaller(rules("production", new URL(host(open.url)).host));
  t.after(() => caller.close());
  const call = (url: string) => caller.call(`${host(url)}/hook`, {}, "{}", new AbortController().signal);
  assert.equal((await call(open.url)).status, 200);
  assert.match((await call(closed.url)).error ?? "", notSecure);
  assert.match((await call(closed.url.replace("http:", "https:"))).error ?? "", outside);
  assert.equal(closed.received.length, 0);
});
