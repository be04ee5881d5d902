import assert from "node:assert/strict";
import { request } from "node:http";
import { type TestContext, test } from "node:test";
import { uuidv7Source } from "../../src/core/identifiers.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { connected } from "../support/delivery/raw-socket.ts";
import { checkRefusal, cookieOf, handshake, handshakeHeaders, idsOf } from "../support/delivery/socket.ts";
import { innboxData } from "../support/server/process.ts";
import { startSandbox } from "../support/server/server.ts";
import { atNet, client2AtNet, credentials, net, world } from "../support/server/world.ts";

const { ClientToken, AccessToken } = demoTokens;
const Cookie = cookieOf(demoTokens);
const notValid = "The client token or the access token is not valid.";

test("the right cookies open a socket, in whatever form they come", async (t) => {
  const { url } = await startSandbox(t);
  const cookies = [
    Cookie,
    `AccessToken=${AccessToken}; ClientToken=${ClientToken}`,
    `ClientToken=${ClientToken};AccessToken=${AccessToken}`,
    `  ClientToken=${ClientToken} ;   AccessToken=${AccessToken}  ;`,
    `ClientToken="${ClientToken}"; AccessToken="${AccessToken}"`,
    `ClientToken=${encodeURIComponent(ClientToken).replace("E", "%45")}; AccessToken=${AccessToken}`,
    `theme=dark; ClientToken=${ClientToken}; session=a=b==; consent; AccessToken=${AccessToken}; rate=100%`,
  ];
  for (const Cookie of cookies) {
    const { status, headers } = await handshake(url, { Cookie });
    assert.equal(status, 101, Cookie);
    assert.equal(headers["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }
});

test("whatever is wrong with the tokens, the answer is the same 401", async (t) => {
  const { url } = await startSandbox(t);
  const cookies = [
    undefined,
    "",
    `ClientToken=${ClientToken}`,
    `AccessToken=${AccessToken}`,
    "ClientToken=; AccessToken=",
    `ClientToken=${AccessToken}; AccessToken=${ClientToken}`,
    `ClientToken=${ClientToken}; AccessToken=${AccessToken.slice(0, -1)}`,
    `ClientToken=${ClientToken}0; AccessToken=${AccessToken}`,
    `ClientToken=${ClientToken}; AccessToken=${client2AtNet.tokens.AccessToken}`,
    `ClientToken=${client2AtNet.tokens.ClientToken}; AccessToken=${AccessToken}`,
    `ClientToken=%; AccessToken=%`,
  ];
  for (const Cookie of cookies) {
    assert.equal(checkRefusal(await handshake(url, { Cookie }), 401), notValid, String(Cookie));
  }
  const inTheAddress = `/ws/connector?ClientToken=${ClientToken}&AccessToken=${AccessToken}`;
  assert.equal(checkRefusal(await handshake(url, {}, inTheAddress), 401), notValid);
});

test("a disabled client, integration or property, and a token that was replaced, are refused", async (t) => {
  const server = await startSandbox(t);
  const { client } = await idsOf(server);
  const { integration } = await idsOf(server, atNet.tokens);
  const innbox = (...args: string[]) => innboxData(...args, "--database", server.database);
  const statusOf = async () => (await handshake(server.url, { Cookie: cookieOf(atNet.tokens) })).status;
  for (const [kind, id] of [
    ["client", client],
    ["integration", integration],
    ["enterprise", net],
  ] as const) {
    assert.equal(await statusOf(), 101);
    await innbox(kind, "disable", "--id", id);
    assert.equal(await statusOf(), 401, kind);
    await innbox(kind, "enable", "--id", id);
  }
  assert.equal(await statusOf(), 101);
  const AccessToken = await innbox("integration", "rotate-token", "--id", integration, "--overlap", "0s");
  assert.equal(await statusOf(), 401);
  const withNewToken = await handshake(server.url, { Cookie: cookieOf({ ClientToken, AccessToken }) });
  assert.equal(withNewToken.status, 101);
});

test("a position that this server never gave out is refused, but only callers who are known hear of it", async (t) => {
  const { url, call } = await startSandbox(t);
  const { Position } = (await call("events/getAll")).body;
  assert.equal((await handshake(url, { Cookie }, `/ws/connector?after=${Position}`)).status, 101);
  for (const after of ["", "0", "x", "%", `${Position}=`, Position.slice(0, -1), `${Position}AAAA`, "Ag", "AQ%3D%3D"]) {
    const sentence = checkRefusal(await handshake(url, { Cookie }, `/ws/connector?after=${after}`), 400);
    assert.equal(sentence, "after is not a position that this server has given out.", after);
  }
  assert.equal(checkRefusal(await handshake(url, {}, "/ws/connector?after=x"), 401), notValid);
});

test("no other address speaks WebSocket, and this one speaks nothing else", async (t) => {
  const { url } = await startSandbox(t);
  for (const path of ["/", "/ws", "/ws/connector/", "/WS/connector", "/ws/connector/events", "/docs/ws"]) {
    checkRefusal(await handshake(url, { Cookie }, path), 404);
  }
  for (const headers of [{ Upgrade: undefined, Connection: "close" }, { Upgrade: "h2c" }]) {
    const sentence = checkRefusal(await handshake(url, { Cookie, ...headers }), 400);
    assert.equal(sentence, "This address speaks WebSocket only; see /docs.");
  }
});

test("a handshake that is not one is refused in one sentence, and logged as refused", async (t) => {
  const { url, logged } = await startSandbox(t);
  for (const headers of [
    { "Sec-WebSocket-Key": undefined },
    { "Sec-WebSocket-Key": "short" },
    { "Sec-WebSocket-Version": "12" },
  ]) {
    assert.match(checkRefusal(await handshake(url, { Cookie, ...headers }), 400), /^[^.]*WebSocket[^.]*\.$/);
    assert.partialDeepStrictEqual(logged.at(-1), { status: 400 });
  }
});

test("a request that offers another protocol by the way is answered as if it did not", async (t) => {
  const { url } = await startSandbox(t);
  for (const Upgrade of ["h2c", "websocket"]) {
    const path = "/api/connector/v1/enterprises/getAll";
    const headers = { ...handshakeHeaders, Upgrade, "HTTP2-Settings": "", "Content-Type": "application/json" };
    const asked = request(`${url}${path}`, { method: "POST", headers, agent: false });
    const status = new Promise((resolve, reject) => {
      asked.on("response", (response) => resolve(response.resume().statusCode));
      asked.on("error", reject);
    });
    asked.end(JSON.stringify(credentials));
    assert.equal(await status, 200, Upgrade);
  }
});

test("strangers share the request limit of their address with all other requests; who is known does not", async (t) => {
  const { url, call, at } = await world(t, { "rate-limit": "3/30s" });
  await call("enterprises/getAll", { ClientToken: "wrong" });
  checkRefusal(await handshake(url, {}), 401);
  checkRefusal(await handshake(url, { Cookie: "ClientToken=wrong" }), 401);
  const refusal = await handshake(url, {});
  assert.equal(checkRefusal(refusal, 429), "More than 3 requests in 30 seconds; try again in 30 s.");
  assert.equal(refusal.headers["retry-after"], "30");
  const known = await handshake(url, { Cookie });
  assert.equal(known.status, 101);
  assert.match(String(known.headers["request-id"]), /^[0-9a-f-]{36}$/);
  at(30);
  checkRefusal(await handshake(url, {}), 401);
});

test("behind a proxy that is believed, strangers are told apart by the address that it forwards", async (t) => {
  const { url } = await world(t, { "rate-limit": "1/30s", "trust-proxy": "127.0.0.1" });
  const from = (address: string) => handshake(url, { "X-Forwarded-For": address });
  checkRefusal(await from("192.0.2.1"), 401);
  checkRefusal(await from("192.0.2.1"), 429);
  checkRefusal(await from("192.0.2.2"), 401);
});

test("a handshake is one line of the log, without tokens or position", async (t) => {
  const server = await startSandbox(t);
  const { client } = await idsOf(server);
  const { Position } = (await server.call("events/getAll")).body;
  const before = server.logged.length;
  await handshake(server.url, { Cookie }, `/ws/connector?after=${Position}`);
  const [entry, ...others] = server.logged.slice(before);
  assert.partialDeepStrictEqual(entry, { method: "GET", route: "/ws/connector", status: 101, clientId: client });
  assert.deepEqual(others, []);
  await handshake(server.url, { Cookie: `ClientToken=${ClientToken}` });
  await handshake(server.url, { Cookie }, "/ws/connector?after=x");
  assert.deepEqual(
    server.logged.slice(before).map((entry) => (entry as { readonly status: number }).status),
    [101, 401, 400],
  );
  const everything = JSON.stringify(server.logged);
  for (const secret of [ClientToken, AccessToken, Position]) assert.ok(!everything.includes(secret));
});

test("a server that stops refuses new sockets", async (t) => {
  const { url, app, arrived } = await startWatched(t);
  // A request that is half sent holds up the stop.
  const half = await connected(url);
  t.after(() => half.destroy());
  const isThere = arrived();
  half.write("POST /api/connector/v1/enterprises/getAll HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{");
  await isThere;
  const stopped = app.stop();
  const sentence = checkRefusal(await handshake(url, { Cookie }), 503);
  assert.equal(sentence, "The server is stopping.");
  half.destroy();
  await stopped;
});

test("a handshake that the stop overtakes is refused, and does not hold it up", async (t) => {
  const { url, app, arrived } = await startWatched(t);
  const isThere = arrived();
  const answer = handshake(url, { Cookie });
  await isThere;
  const stopped = app.stop();
  assert.equal(checkRefusal(await answer, 503), "The server is stopping.");
  await stopped;
});

/** A sandbox that tells when it begins with the next request. */
async function startWatched(t: TestContext) {
  let tell = () => {};
  const newId = uuidv7Source(() => Date.now() * 1000);
  const newIdentifier = () => {
    tell();
    return newId();
  };
  const server = await startSandbox(t, {}, { newIdentifier });
  const arrived = () => {
    const arrival = new Promise<void>((resolve) => {
      tell = resolve;
    });
    return arrival;
  };
  return { ...server, arrived };
}
