import assert from "node:assert/strict";
import { after, type TestContext, test } from "node:test";
import { Webhook } from "standardwebhooks";
import type { GeneralWebhook } from "../../src/protocol/connector/webhooks.ts";
import type { Fault } from "../../src/protocol/sandbox/faults.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { listDeliveries } from "../../src/store/webhooks/deliveries.ts";
import { type Received, startReceiver } from "../support/delivery/receiver.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { guest } from "../support/server/world.ts";

const server = await startTestSandbox({ after: (stop) => after(stop as () => unknown) });
let worlds = 0;

/** A world of its own whose clock stands still, and client 1's receiver. */
async function newWorld(t: TestContext) {
  worlds += 1;
  const name = `webhook-faults-${worlds}`;
  const receiver = await startReceiver(t);
  const sandbox = async (operation: string, input?: object) => {
    const answer = await server.sandbox(operation, input, name);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
  };
  await sandbox("clock/freeze");
  const { Secret } = await sandbox("webhooks/set", { ClientToken: demoTokens.ClientToken, Url: `${receiver.url}/` });
  const { body } = await server.call("messageThreads/add", guest, name);
  const MessageThreadId = body.MessageThreads[0]?.Id;

  const set = (fault: Partial<Fault>, Seed = 1) =>
    sandbox("faults/set", { Faults: [{ On: "Webhook", ...fault }], Seed });
  /** Goes on by so much, and until all is done that is due then. */
  const advance = (By: string) => sandbox("clock/advance", { By });
  /** Adds a message and has it announced, as far as it is. Answers its id. */
  async function say(): Promise<string> {
    const answer = await server.call("messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] }, name);
    await advance("0s");
    return answer.body.Messages[0]?.Message.Id ?? "";
  }
  const attempts = async () => {
    const { Traffic } = await sandbox("traffic/getAll");
    return Traffic.filter(({ Kind }) => Kind === "Webhook");
  };
  /** As the operator sees them, the oldest first. */
  const deliveries = async () => {
    const world = await server.worlds.find(name);
    return (await listDeliveries(world.store.db, 0, false, 100)).reverse();
  };
  const heard = () => receiver.received.map(messageOf);
  return { receiver, sandbox, set, advance, say, attempts, deliveries, heard, secret: Secret };
}

function messageOf({ text }: Received): string | undefined {
  return (JSON.parse(text) as GeneralWebhook).Events[0]?.Value.Id;
}

test("a registered webhook's secret is answered each time, and signs what is sent", async (t) => {
  const { sandbox, receiver, say, heard, secret } = await newWorld(t);
  const message = await say();
  assert.deepEqual(heard(), [message]);
  const [first] = receiver.received;
  assert.ok(first);
  new Webhook(secret).verify(first.text, first.headers as Record<string, string>);

  const ClientToken = demoTokens.ClientToken;
  const again = await sandbox("webhooks/set", { ClientToken, Url: `${receiver.url}/other` });
  assert.equal(again.Secret, secret);
  await say();
  assert.equal(receiver.received[1]?.path, "/other");

  const name = `webhook-faults-${worlds}`;
  const wrong = await server.sandbox("webhooks/set", { ClientToken: "nobody's", Url: receiver.url }, name);
  assert.deepEqual([wrong.status, wrong.body.Message], [400, "There is no client with this token."]);
});

test("a webhook that is dropped is not sent, fails, and is tried again as after any failure", async (t) => {
  const { set, say, advance, attempts, heard, deliveries } = await newWorld(t);
  await set({ Kind: "Drop", Times: 1 });
  const message = await say();
  assert.deepEqual(heard(), []);
  const [dropped] = await attempts();
  assert.deepEqual([dropped?.Status, dropped?.Error, dropped?.Fault], [null, "A fault dropped it.", "Drop"]);
  await advance("6s");
  assert.deepEqual(heard(), [message]);
  const [, sent] = await attempts();
  assert.deepEqual([sent?.Status, sent?.Fault, sent?.DeliveryId], [200, null, dropped?.DeliveryId]);
  const [delivery] = await deliveries();
  assert.deepEqual([delivery?.state, delivery?.attempts, delivery?.failures], ["delivered", 2, 1]);
});

test("a duplicate comes twice under the same webhook-id", async (t) => {
  const { set, say, attempts, heard, receiver } = await newWorld(t);
  await set({ Kind: "Duplicate", Times: 1 });
  const messages = [await say(), await say()];
  assert.deepEqual(heard(), [messages[0], messages[0], messages[1]]);
  const [first, second] = receiver.received;
  assert.equal(first?.headers["webhook-id"], second?.headers["webhook-id"]);
  assert.deepEqual(
    (await attempts()).map(({ Fault: fault }) => fault),
    ["Duplicate", "Duplicate", null],
  );
});

test("each of two webhooks comes after the other one where they are reordered", async (t) => {
  const { set, say, advance, heard, attempts } = await newWorld(t);
  await set({ Kind: "Reorder" });
  const messages = [await say(), await say()];
  assert.deepEqual(heard(), [messages[1]]);
  await advance("2s");
  assert.deepEqual(heard(), [messages[1], messages[0]]);
  assert.deepEqual(
    (await attempts()).map(({ Status, Fault: fault }) => [Status, fault]),
    [
      [null, "Reorder"],
      [200, null],
      [200, "Reorder"],
    ],
  );
});

test("a late one comes minutes later by the world's clock, signed then, and holds up no other", async (t) => {
  const { set, say, advance, heard, receiver, attempts, deliveries, secret } = await newWorld(t);
  await set({ Kind: "Late", Times: 1 });
  const messages = [await say(), await say()];
  assert.deepEqual(heard(), [messages[1]]);
  const [held] = await attempts();
  const { Status, Error: error, Fault: fault, StartedUtc } = held ?? {};
  const until = /^A fault holds it back until (.+Z)\.$/.exec(error ?? "")?.[1] ?? "";
  assert.deepEqual([Status, fault?.split(" ")[0]], [null, "Late"]);
  const minutes = (Date.parse(until) - Date.parse(StartedUtc ?? "")) / 60_000;
  assert.ok(minutes >= 1 && minutes <= 10, `${minutes} minutes`);

  await advance("59s");
  assert.deepEqual(heard(), [messages[1]]);
  await advance("10m");
  assert.deepEqual(heard(), [messages[1], messages[0]]);
  const [, late] = receiver.received;
  assert.equal(late?.headers["webhook-timestamp"], String(Math.floor(Date.parse(until) / 1000)));
  const signature = new Webhook(secret).sign(String(late?.headers["webhook-id"]), new Date(until), late?.text ?? "");
  assert.equal(late?.headers["webhook-signature"], signature);
  const [delivery] = await deliveries();
  assert.deepEqual([delivery?.state, delivery?.attempts, delivery?.failures], ["delivered", 1, 0]);
});

test("how late webhooks are repeats with the seed", async (t) => {
  const { set, say, attempts, sandbox } = await newWorld(t);
  const late = async (seed: number) => {
    await sandbox("traffic/clear");
    await set({ Kind: "Late" }, seed);
    for (let made = 0; made < 3; made += 1) await say();
    return (await attempts()).map(({ Fault: fault }) => fault);
  };
  const first = await late(3);
  assert.equal(new Set(first).size, 3);
  assert.deepEqual(await late(3), first);
  assert.notDeepEqual(await late(4), first);
  await set({ Kind: "Late", Delay: "5m" });
  await say();
  assert.equal((await attempts()).at(-1)?.Fault, "Late 5m");
});

test("a late one that is sent again by hand goes out at once", async (t) => {
  const { set, say, advance, heard, attempts, sandbox } = await newWorld(t);
  await set({ Kind: "Late" });
  const message = await say();
  const [held] = await attempts();
  await sandbox("traffic/resend", { Number: held?.Number });
  await advance("0s");
  assert.deepEqual(heard(), [message]);
});

test("a delayed webhook is sent after its delay, in its order", async (t) => {
  const { set, say, heard, attempts } = await newWorld(t);
  await set({ Kind: "Delay", Delay: "20ms", Times: 1 });
  const messages = [await say(), await say()];
  assert.deepEqual(heard(), messages);
  const [delayed] = await attempts();
  assert.deepEqual([delayed?.Status, delayed?.Fault, delayed?.Error], [200, "Delay 20ms", null]);
});

test("a fault for one client's webhooks leaves those of others alone", async (t) => {
  const { set, say, heard, attempts } = await newWorld(t);
  await set({ Kind: "Drop", Client: "Client 2" });
  const first = await say();
  assert.deepEqual(heard(), [first]);
  await set({ Kind: "Drop", Client: "Client 1" });
  await say();
  assert.deepEqual(heard(), [first]);
  assert.deepEqual(
    (await attempts()).map(({ Client, Fault: fault }) => [Client, fault]),
    [
      ["Client 1", null],
      ["Client 1", "Drop"],
    ],
  );
});
