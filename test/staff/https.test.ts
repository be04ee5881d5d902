import assert from "node:assert/strict";
import { test } from "node:test";
import { request } from "undici";
import { actingForHeader } from "../../src/protocol/staff/acting-for.ts";
import { inSql } from "../support/database/in-sql.ts";
import { password, type StaffBody, seaside, staffWorld } from "../support/server/staff.ts";

type Headers = Readonly<Record<string, string>>;

const publicUrl = "https://innbox.example";
/** What a browser adds to what a page asks of its own server. */
const pageAt = (origin: string): Headers => ({ Origin: origin, "Sec-Fetch-Site": "same-origin" });

/** Asks as a browser or a program would that reaches the server by another name: `fetch` chooses the Host itself. */
async function post(url: string, operation: string, input: object, headers: Headers) {
  const response = await request(`${url}/api/staff/v1/${operation}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(input),
  });
  const body = (await response.body.json()) as StaffBody;
  const cookies = [response.headers["set-cookie"] ?? []].flat();
  return { status: response.statusCode, body, cookies };
}

interface Way {
  readonly name: string;
  readonly settings?: Headers;
  readonly headers: Headers;
  /** Of links that are made on this way. */
  readonly origin: string;
  readonly isSecure?: boolean;
}

const secureWays: readonly Way[] = [
  {
    name: "a proxy that passes a host of its own and says nothing more",
    headers: { Host: "127.0.0.1:8080", ...pageAt(publicUrl) },
    origin: publicUrl,
  },
  {
    name: "a trusted proxy that passes a host of its own and tells of https",
    settings: { "trust-proxy": "127.0.0.1" },
    headers: { Host: "127.0.0.1:8080", "X-Forwarded-Proto": "https" },
    origin: "https://127.0.0.1:8080",
  },
  {
    name: "a trusted proxy that tells the host and https",
    settings: { "trust-proxy": "127.0.0.1" },
    headers: { Host: "10.0.0.9:8080", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "innbox.example" },
    origin: publicUrl,
  },
  {
    name: "a proxy that is not trusted, for a program that is no browser",
    headers: { Host: "innbox.example", "X-Forwarded-Proto": "https" },
    origin: "http://innbox.example",
  },
  {
    name: "a proxy that tells nothing but the caller, for a program that is no browser",
    headers: { Host: "127.0.0.1:8080", "X-Forwarded-For": "203.0.113.7" },
    origin: "http://127.0.0.1:8080",
  },
  {
    name: "a proxy that says nothing at all, with a public address that is set",
    settings: { "public-url": publicUrl },
    headers: { Host: "127.0.0.1:8080" },
    origin: publicUrl,
  },
  {
    name: "a proxy under another name than the public address that is set",
    settings: { "public-url": `${publicUrl}/` },
    headers: { Host: "inner:8080", ...pageAt("https://other.example") },
    origin: publicUrl,
  },
];

const ownMachine: readonly Way[] = [
  {
    name: "a browser on this machine through a proxy",
    settings: { "trust-proxy": "127.0.0.1" },
    headers: { Host: "inner:8080", "X-Forwarded-For": "127.0.0.1", ...pageAt("http://localhost") },
    origin: "http://localhost",
    isSecure: false,
  },
  ...["http://localhost:8080", "http://127.0.0.1", "http://[::1]:8080"].map((origin) => ({
    name: `a browser on this machine at ${origin}`,
    headers: { Host: origin.slice("http://".length), ...pageAt(origin) },
    origin,
    isSecure: false,
  })),
];

for (const { name, settings, headers, origin, isSecure = true } of [...secureWays, ...ownMachine]) {
  test(`by ${name}, cookies are ${isSecure ? "secure" : "kept without TLS"} and links lead to where people are`, async (t) => {
    const { person, url } = await staffWorld(t, settings);
    const { email, id } = await person("Olga", "Owner");
    const { status, cookies } = await post(url, "session/start", { Email: email, Password: password }, headers);
    assert.equal(status, 200);
    assert.equal(cookies.length, 2);
    for (const cookie of cookies) assert.equal(cookie.includes("; Secure;"), isSecure, cookie);
    const signedIn = { ...headers, [actingForHeader]: id, Cookie: cookies[0]?.split(";", 1)[0] ?? "" };
    const alice = { Name: "Alice", Email: "alice@x.example", Memberships: [{ EnterpriseId: seaside, Role: "Agent" }] };
    const { body } = await post(url, "users/invite", alice, signedIn);
    assert.ok(body.Link.startsWith(`${origin}/inbox/link#`), body.Link);
    const ended = await post(url, "session/end", {}, signedIn);
    assert.equal(ended.cookies[0]?.includes("; Secure;"), isSecure);
  });
}

for (const [name, headers, settings] of [
  ["a browser at a network address", { Host: "10.0.0.5:8080", ...pageAt("http://10.0.0.5:8080") }, {}],
  ["a browser at a name", { Host: "innbox.lan", ...pageAt("http://innbox.lan") }, {}],
  ["a program at a network address", { Host: "10.0.0.5:8080" }, {}],
  ["a name that only begins as this machine's", { Host: "localhost.example" }, {}],
  [
    "a browser that leaves out the proxy",
    { Host: "10.0.0.5:8080", ...pageAt("http://10.0.0.5:8080") },
    { "public-url": publicUrl },
  ],
] as const) {
  test(`over plain http, ${name} is told that signing in needs https`, async (t) => {
    const { person, url, store } = await staffWorld(t, settings);
    const { email } = await person("Alice", { [seaside]: "Agent" });
    for (const [operation, input] of [
      ["session/start", { Email: email, Password: password }],
      ["links/use", { Token: "guess", Password: password }],
    ] as const) {
      const { status, body, cookies } = await post(url, operation, input, headers);
      assert.equal(status, 403);
      assert.match(body.Message, /^Signing in needs https: .+ Open the address that begins with https\.$/);
      assert.deepEqual(cookies, []);
    }
    assert.deepEqual(await store.db.all(...inSql("SELECT digest FROM staff_throttle")), []);
  });
}
