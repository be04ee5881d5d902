import assert from "node:assert/strict";
import { test } from "node:test";
import { isOnPostgres } from "../../support/engine.ts";
import { call, innboxData, startServer } from "../../support/process.ts";
import { type Received, startReceiver } from "../../support/receiver.ts";
import { type CallOptions, engineDatabase } from "../../support/server.ts";
import { stored } from "../../support/stored.ts";
import { batchOf } from "../../support/webhooks.ts";
import { client2AtGross, credentials, enterprises, gross } from "../../support/world.ts";

/** The second engine has the same queue; what is new to it shows in fewer. */
const rounds = isOnPostgres ? 4 : 8;

/** What the partners of one round write, until the server is gone; `wrote` is told of each message. */
async function write(url: string, number: number, wrote: () => void, isKilled: () => boolean): Promise<void> {
  const opened = enterprises.map((EnterpriseId): [object, CallOptions] => [{ EnterpriseId }, {}]);
  const everybody: [object, CallOptions][] = [...opened, [{}, client2AtGross]];
  const writers = everybody.map(async ([place, options]) => {
    const guest = { OriginalSender: "Guest", Subject: `Round ${number}`, ...place };
    const { body } = await call(url, "messageThreads/add", guest, options);
    const MessageThreadId = body.MessageThreads[0]?.Id;
    for (;;) {
      await call(url, "messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] }, options);
      wrote();
    }
  });
  const ends = await Promise.allSettled(writers);
  for (const { status } of ends)
    assert.ok(status === "rejected" && isKilled(), "only the end of the server ends a writer");
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

test(`a server killed ${rounds} times under load announces every stored message, in order`, async (t) => {
  const database = await engineDatabase(t);
  const start = () => startServer(t, "dev", database, ["--rate-limit", "off"]);
  const first = await startReceiver(t);
  const second = await startReceiver(t);

  for (let number = 1; number <= rounds; number += 1) {
    const server = await start();
    if (number === 1) {
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
    // While a receiver is called or just after, but for endpoints whose lease the last round left behind.
    let calls = 1 + Math.floor(Math.random() * 20);
    let toWrite = 20 + Math.floor(Math.random() * 200);
    first.respond((_received, response) => {
      calls -= 1;
      if (calls > 0) return 200;
      if (number % 2 === 0) response.writeHead(200).end(kill);
      else kill();
      return undefined;
    });
    const wrote = () => {
      toWrite -= 1;
      if (toWrite === 0) kill();
    };
    await write(server.url, number, wrote, () => isKilled);
    await server.ended;
  }

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
  assert.ok(Math.min(...sizes) > rounds, `there was load: ${sizes}`);
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
    assert.ok(bodies.size < received.length || name === "Client 2", "some were cut short and sent again");
    for (const list of lists(received)) {
      const all = expected(name).find((ids) => ids.includes(list[0] ?? ""));
      assert.deepEqual(list, all?.slice(0, list.length), `${name} was told in order`);
    }
  }
  assert.ok([...announcedMessages(second.received).keys()].every((key) => key.endsWith(gross)));
});
