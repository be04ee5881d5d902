import assert from "node:assert/strict";
import { test } from "node:test";
import { destinations, type Lookup } from "../../src/delivery/webhooks/destination.ts";
import { startHostile } from "../support/delivery/hostile-receiver.ts";
import { startReceiver } from "../support/delivery/receiver.ts";
import { addPartner, startProduction } from "../support/server/partners.ts";
import { startSandbox } from "../support/server/server.ts";

const publicAddress = "93.184.216.34";

/** A DNS that answers one list of addresses after the other, and the last one for ever. */
function changing(...answers: string[][]): { lookup: Lookup; asked: string[] } {
  const asked: string[] = [];
  const lookup: Lookup = (hostname, _options, callback) => {
    asked.push(hostname);
    const addresses = answers[asked.length - 1] ?? answers.at(-1) ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return { lookup, asked };
}

const insideAt: [what: string, addresses: string[]][] = [
  ["to this machine", ["127.0.0.1"]],
  ["to this machine by a mapped address", ["::ffff:127.0.0.1"]],
  ["to this machine besides a public address", [publicAddress, "127.0.0.1"]],
];

for (const [what, addresses] of insideAt) {
  test(`a host that moves ${what} between its registration and the call is not connected to`, async (t) => {
    const { lookup, asked } = changing([publicAddress], addresses);
    const server = await startProduction(t, {}, lookup);
    const partner = await addPartner(server);
    const receiver = await startHostile(t, () => undefined);
    const url = `https://moving.example:${receiver.port}/hook`;
    const id = await partner.hearAt(url, destinations({ kind: "production", allow: [], timeout: 5000, lookup }));
    await partner.write();
    const { attempts } = await partner.attempted(id);
    const at = addresses.at(-1);
    assert.equal(attempts[0]?.error, outside("moving.example", at));
    assert.equal(receiver.connections.length, 0);
    assert.deepEqual(asked, ["moving.example", "moving.example"], "asked at the registration and at the attempt");
  });
}

test("each attempt is checked anew, and connects to the address that was checked", async (t) => {
  // A worker that asked twice for one attempt would get an inside address by the second answer.
  const { lookup, asked } = changing(["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]);
  let now = Date.UTC(2026, 0, 1) * 1000;
  const server = await startSandbox(t, {}, { lookup, clock: () => now });
  const partner = await addPartner(server);
  const receiver = await startReceiver(t, () => 500);
  const url = receiver.url.replace("127.0.0.1", "moving.example");
  const id = await partner.hearAt(url, destinations({ kind: "sandbox", allow: [], timeout: 5000, lookup }));
  await partner.write();
  await partner.attempted(id);
  assert.equal(receiver.received[0]?.headers.host, new URL(url).host);

  now += 60 * 1_000_000;
  server.app.wake();
  const { attempts } = await partner.attempted(id, 2);
  assert.deepEqual(
    attempts.map(({ error }) => error),
    ["It answered 500.", outside("moving.example", "10.0.0.1")],
  );
  assert.deepEqual([receiver.received.length, asked.length], [1, 3]);
});

/** Where a receiver that the operator opened by name may not send a real installation. */
const refused: [location: string, error: string][] = [
  ["https://10.0.0.1/", outside("10.0.0.1")],
  ["https://169.254.169.254/latest/meta-data", outside("169.254.169.254")],
  ["https://[::1]/", outside("::1")],
  ["https://[::ffff:10.0.0.1]/", outside("::ffff:a00:1")],
  ["//127.1/", "The URL must begin with https://."],
  ["https://inside.example/", outside("inside.example", "10.0.0.7")],
  ["https://user:password@bot.example/", "The URL must not hold a user name or a password."],
  ["http://bot.example/", "The URL must begin with https://."],
  ["http://localhost:NEIGHBOUR/", "The URL must begin with https://."],
  ["https://localhost:NEIGHBOUR/", outside("localhost", "10.0.0.7")],
  ["file:///etc/passwd", "The URL must begin with https://."],
  ["ftp://bot.example/", "The URL must begin with https://."],
];

function outside(host: string, address = host): string {
  return `The host ${host} is at ${address}, which is not an address of the public internet.`;
}

test("a host on the allow-list does not send a real installation anywhere else", { concurrency: true }, async (t) => {
  const receiver = await startReceiver(t, ({ path }, response) => {
    const location = new URL(path, "http://localhost").searchParams.get("to") ?? "";
    response.writeHead(307, { Location: location }).end();
    return undefined;
  });
  const neighbour = await startHostile(t, () => undefined);
  const open = new URL(receiver.url.replace("127.0.0.1", "localhost"));
  const { lookup } = changing(["10.0.0.7"]);
  const server = await startProduction(t, { "webhook-allow": open.host }, lookup);
  const to = destinations({ kind: "production", allow: [open.host], timeout: 5000 });
  const cases = refused.map(([location, error]) =>
    t.test(location, async () => {
      const partner = await addPartner(server);
      const target = location.replace("NEIGHBOUR", String(neighbour.port));
      const id = await partner.hearAt(`${open.origin}/?to=${encodeURIComponent(target)}`, to);
      await partner.write();
      const { attempts } = await partner.attempted(id);
      assert.equal(attempts[0]?.error, error);
    }),
  );
  await Promise.all(cases);
  assert.equal(neighbour.connections.length, 0);
  assert.equal(receiver.received.length, refused.length, "each was called once, and sent Innbox away");
});
