import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { verify, type WebhookHeaders, WebhookVerificationError } from "../../client/src/webhooks.ts";
import { rotateSecret } from "../../src/administration/webhooks.ts";
import { newWebhookSecret, signatureHeaders } from "../../src/delivery/webhooks/signature.ts";
import { startReceiver } from "../support/delivery/receiver.ts";
import { administratorOf, registerWebhook } from "../support/delivery/webhooks.ts";
import { gross, utc, world } from "../support/server/world.ts";

const body = '{"Events":[],"Text":"Grüße 👋"}';
const secret = newWebhookSecret();
const sentAt = Date.UTC(2026, 4, 5, 10);
const now = () => sentAt;

/** What a server with these secrets sends. */
function signed(...secrets: string[]) {
  return signatureHeaders("id-1", sentAt * 1000, body, secrets);
}

test("what a real server sends is verified, also while its secret is rotated", async (t) => {
  const receiver = await startReceiver(t);
  const server = await world(t, {}, { random: () => 0 });
  // The client compares with the machine's time.
  server.at((Date.now() - Date.parse(utc(0))) / 1000);
  const { id, secret: old } = await registerWebhook(server, receiver.url);
  const thread = await server.addThread(gross);
  const announce = async () => {
    const [message] = await server.addMessages(thread);
    await server.app.settled();
    const received = receiver.received.at(-1);
    assert.ok(received);
    return { message, ...received };
  };

  const { message, text, headers } = await announce();
  const answer = await verify(text, headers, old);
  assert.deepEqual(answer, JSON.parse(text));
  assert.ok("Events" in answer);
  assert.equal(answer.Events[0]?.Value.Id, message);

  const hour = server.app.clock() + 3_600_000_000;
  const fresh = await rotateSecret(administratorOf(server), id, hour);
  const rotated = await announce();
  for (const secrets of [old, fresh, [newWebhookSecret(), fresh], [old, fresh]]) {
    assert.deepEqual(await verify(rotated.text, rotated.headers, secrets), JSON.parse(rotated.text));
  }
  await assert.rejects(verify(text, headers, fresh), WebhookVerificationError);
});

test("headers may be those of fetch, of Node or any others, and bodies text or bytes", async () => {
  const plain = signed(secret);
  const upper = Object.fromEntries(Object.entries(plain).map(([name, value]) => [name.toUpperCase(), value]));
  const lists = Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, [value]]));
  const kinds: WebhookHeaders[] = [plain, upper, lists, new Headers(plain)];
  for (const headers of kinds) {
    for (const raw of [body, new TextEncoder().encode(body), Buffer.from(body)]) {
      assert.deepEqual(await verify(raw, headers, secret, { now }), JSON.parse(body));
    }
  }
});

test("whatever was changed, is missing, or was signed with another secret is refused", async () => {
  const right = signed(secret);
  const signature = right["webhook-signature"];
  const wrong: Readonly<Record<string, string | undefined>>[] = [
    { "webhook-id": "id-2" },
    { "webhook-timestamp": String(sentAt / 1000 + 1) },
    { "webhook-timestamp": "now" },
    { "webhook-signature": signature.replace("v1,", "v2,") },
    { "webhook-signature": signature.replace("v1,", "") },
    { "webhook-signature": "v1," },
    { "webhook-signature": "v1,§" },
    { "webhook-signature": signature.slice(0, 20) },
    { "webhook-signature": signed(newWebhookSecret())["webhook-signature"] },
    ...Object.keys(right).map((name) => ({ [name]: undefined })),
  ];
  for (const headers of wrong) {
    const sent = verify(body, { ...right, ...headers }, secret, { now });
    await assert.rejects(sent, WebhookVerificationError, JSON.stringify(headers));
  }
  for (const raw of [`${body} `, "", body.replace("ü", "u")]) {
    await assert.rejects(verify(raw, right, secret, { now }), WebhookVerificationError);
  }
});

test("what was sent more than five minutes ago, or will be, is refused", async () => {
  for (const [seconds, isRefused] of [
    [300, false],
    [301, true],
    [-300, false],
    [-301, true],
  ] as const) {
    const received = verify(body, signed(secret), secret, { now: () => sentAt + seconds * 1000 });
    if (isRefused) await assert.rejects(received, /webhook-timestamp is more than 300 seconds off\./);
    else await received;
  }
  await verify(body, signed(secret), secret, { now: () => sentAt + 301_000, tolerance: 301 });
});

test("what is no secret is the receiver's own mistake, and is not repeated", async () => {
  for (const secrets of ["", "whsec_", "whsec_§§", [], [secret, ""]]) {
    await assert.rejects(verify(body, signed(secret), secrets, { now }), (error) => {
      assert.ok(error instanceof TypeError && !error.message.includes("§"));
      return true;
    });
  }
});

test("a body that is signed and no JSON in UTF-8 is refused", async () => {
  for (const raw of [Buffer.from("{"), Buffer.from([0x22, 0xff, 0x22])]) {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    const hmac = createHmac("sha256", key)
      .update(`id.${sentAt / 1000}.`)
      .update(raw);
    const headers = { ...signed(secret), "webhook-id": "id", "webhook-signature": `v1,${hmac.digest("base64")}` };
    await assert.rejects(verify(raw, headers, secret, { now }), /The body is no JSON\./);
  }
});
