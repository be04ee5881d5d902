import assert from "node:assert/strict";
import { test } from "node:test";
import { stored } from "../../support/database/stored.ts";
import { type Received, startReceiver } from "../../support/delivery/receiver.ts";
import { batchOf } from "../../support/delivery/webhooks.ts";
import { call, innboxData, startServer } from "../../support/server/process.ts";
import { type CallOptions, engineDatabase } from "../../support/server/server.ts";
import { client2AtGross, credentials, enterprises, gross } from "../../support/server/world.ts";

/** When the server is killed, round by round. */
const rounds = ["when a receiver has just answered", "while a receiver is called"] as const;

/** How many messages each partner writes before the server is killed, at least. */
const load = 5;

/** And how many at most, while an endpoint can't be called yet since the last server's lease on it is not over. */
const mostWritten = 300;

/** What the partners of one round write, until the server is gone. @param written  counts the messages of each */
async function write(url: string, number: number, written: number[], isKilled: () => boolean): Promise<void> {
  const opened = enterprises.map((EnterpriseId): [object, CallOptions] => [{ EnterpriseId }, {}]);
  const everybody: [object, CallOptions][] = [...opened, [{}, client2AtGross]];
  const writers = everybody.map(async ([place, options], index) => {
    const guest = { OriginalSender: "Guest", Subject: `Round ${number}`, ...place };
    const { body } = await call(url, "messageThreads/add", guest, options);
    const MessageThreadId = body.MessageThreads[0]?.Id;
    while ((written[index] ?? 0) < mostWritten) {
      await call(url, "messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] }, options);
      written[index] = (written[index] ?? 0) + 1;
    }
  });
  for (const { status } of await Promise.allSettled(writers)) {
    assert.ok(status === "fulfilled" || isKilled(), "only the end of the server ends a writer before");
  }
}

/** The ids of all stored messages in the order of each log, by client token and enterprise. */
async function storedMessages(database: string): Promise<Map<string, string[]>> {
  const rows = await stored<{ name: string; enterprise_id: string; message_id: string }>(
    database,
    `SELECT client.name, log.enterprise_id, log.message_id FROM property_log AS log
    JOIN client ON client.id = log.client_id
    WHERE log.kind = 'MessageAdded' AND log.created > 1700000000000000 ORDER BY log.sequence`,
  );
  return grouped(rows.map(({ name, enterprise_id, message_id }) => [`${name} ${enterprise_id}`, message_id]));
}

/** What each integration was told of at each enterprise, each message where it was told first. */
function announcedMessages(received: readonly Received[]): Map<string, string[]> {
  const announced = grouped(
    received.flatMap((one) => {
      const { IntegrationId, EnterpriseId, Events } = batchOf(one);
      return Events.map(({ Value }): [string, string] => [`${IntegrationId} ${EnterpriseId}`, Value.Id]);
    }),
  );
  return new Map([...announced].map(([key, ids]) => [key, [...new Set(ids)]]));
}

function grouped(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

test("a server killed under load, before and after an answer, announces every stored message, in order", async (t) => {
  const database = await engineDatabase(t);
  const start = () => startServer(t, "dev", database, ["--rate-limit", "off"]);
  const first = await startReceiver(t);
  const second = await startReceiver(t);

  for (const [number, when] of rounds.entries()) {
    const server = await start();
    if (number === 0) {
      const set = (token: string, url: string) =>
        innboxData("webhook", "set", "--client-token", token, "--url", url, "--database", database);
      await set(credentials.ClientToken, first.url);
      await set(client2AtGross.tokens.ClientToken, second.url);
    }
    let isKilled = false;
    const kill = () => {
      isKilled = true;
      server.child.kill("SIGKILL");
    };
    const written = [...enterprises, gross].map(() => 0);
    const enough = load + Math.random() * 50;
    for (const receiver of [first, second]) {
      receiver.respond((_received, response) => {
        // An endpoint whose lease the last round left behind is called again when that is over.
        if (isKilled || !written.every((count) => count >= enough)) return 200;
        if (when === "when a receiver has just answered") response.writeHead(200).end(kill);
        else kill();
        return undefined;
      });
    }
    await write(server.url, number, written, () => isKilled);
    await server.ended;
  }

  second.respond(() => 200);
  first.respond(() => 200);
  await start();
  const messages = await storedMessages(database);
  const expected = (name: string) => [...messages].filter(([key]) => key.startsWith(name)).map(([, ids]) => ids);
  const lists = (received: readonly Received[]) => [...announcedMessages(received).values()];
  const isComplete = (name: string) => (received: readonly Received[]) => {
    const seen = new Set(lists(received).flat());
    return expected(name).every((ids) => ids.every((id) => seen.has(id)));
  };
  await first.until(isComplete("Client 1"));
  await second.until(isComplete("Client 2"));

  const sizes = expected("Client 1").map((ids) => ids.length);
  assert.equal(sizes.length, enterprises.length);
  assert.ok(Math.min(...sizes) >= rounds.length * load, `there was load: ${sizes}`);
  const [called, ids] = [[...first.received, ...second.received], new Set<string>()];
  for (const { headers } of called) ids.add(String(headers["webhook-id"]));
  assert.ok(ids.size < called.length, "what was cut short is sent again");
  for (const [receiver, name] of [
    [first, "Client 1"],
    [second, "Client 2"],
  ] as const) {
    const [bodies, received] = [new Map<string, string>(), receiver.received];
    for (const { headers, text } of received) {
      const id = String(headers["webhook-id"]);
      assert.equal(text, bodies.get(id) ?? text, "a webhook-id is repeated with the same body only");
      bodies.set(id, text);
    }
    for (const list of lists(received)) {
      const all = expected(name).find((ids) => ids.includes(list[0] ?? ""));
      assert.deepEqual(list, all?.slice(0, list.length), `${name} was told in order`);
    }
  }
  assert.ok([...announcedMessages(second.received).keys()].every((key) => key.endsWith(gross)));
});
