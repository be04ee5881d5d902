import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import { webhookCaller } from "../../src/delivery/webhooks/call.ts";
import { destinations } from "../../src/delivery/webhooks/destination.ts";
import {
  checkHostilities,
  type Hostility,
  redirect,
  say,
  secure,
  startHostile,
  trickle,
} from "../support/delivery/hostile-receiver.ts";
import { heldLimits } from "../support/run/held-limits.ts";
import { addPartner } from "../support/server/partners.ts";
import { startSandbox, type TestServer } from "../support/server/server.ts";

const ok = "HTTP/1.1 200 OK\r\n";
const error = "It did not answer within 600 seconds.";

/** The requests to the receiver that redirects, in the order in which they come. */
const redirected = Array.from({ length: 3 }, () => Promise.withResolvers<Socket>());
let redirects = 0;

const slow: Hostility[] = [
  { name: "says nothing", answer: () => undefined, error },
  { name: "says nothing where TLS is expected", answer: () => undefined, url: secure, error },
  {
    name: "sends its headers byte by byte",
    answer: (socket) => trickle(socket, [..."HTTP/1.1 200 OK\r\nX: x"]),
    error,
  },
  {
    name: "announces its answer for ever",
    answer: (socket) => trickle(socket, ["HTTP/1.1 103 Early Hints\r\n\r\n"]),
    error,
  },
  {
    name: "sends a body byte by byte",
    answer: (socket) => {
      socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`);
      trickle(socket, ["1\r\nx\r\n"]);
    },
    error,
    status: 200,
  },
  {
    name: "never ends a body that it began",
    answer: (socket) => socket.write(`${ok}Content-Length: 10\r\n\r\nx`),
    error,
    status: 200,
  },
  {
    name: "redirects slowly, again and again",
    answer: (socket) => {
      redirected[redirects]?.resolve(socket);
      redirects += 1;
    },
    error,
    requests: 3,
  },
];

test("a receiver that takes longer than the limit, redirects and all, is a failed attempt and nothing else", {
  concurrency: true,
}, async (t) => {
  const { timeLimit, pass } = heldLimits();
  const meanwhile = async (server: TestServer) => {
    const partner = await addPartner(server);
    const late = await startHostile(t, () => undefined);
    const id = await partner.hearAt(`http://localhost:${late.port}/hook`);
    await partner.write();
    await late.requested(1);
    for (const request of redirected.slice(0, 2)) {
      const socket = await request.promise;
      pass(250_000);
      redirect("/again")(socket);
    }
    await redirected[2]?.promise;
    pass(99_999);
    for (const socket of late.requests) say(`${ok}\r\n`)(socket);
    assert.equal(
      (await partner.attempted(id)).delivery.state,
      "delivered",
      "an answer in the last millisecond is in time",
    );
    pass(1);
  };
  await checkHostilities(t, slow, { timeLimit, meanwhile });
});

test("the limit is five seconds", async (t) => {
  const { timeLimit, pass } = heldLimits();
  const caller = webhookCaller(destinations({ kind: "sandbox", allow: [], timeout: 600_000 }), undefined, timeLimit);
  t.after(() => caller.close());
  const silent = await startHostile(t, () => undefined);
  const called = caller.call(`http://localhost:${silent.port}/hook`, {}, "{}", new AbortController().signal);
  await silent.requested(1);
  pass(5000);
  assert.equal((await called).error, "It did not answer within 5 seconds.");
});

test("a call ends by itself when its time is over", async (t) => {
  const server = await startSandbox(t, {}, { callTimeout: 50 });
  const partner = await addPartner(server);
  const silent = await startHostile(t, () => undefined);
  const id = await partner.hearAt(`http://localhost:${silent.port}/hook`);
  await partner.write();
  const { attempts } = await partner.attempted(id);
  assert.equal(attempts[0]?.error, "It did not answer within 0.05 seconds.");
});
