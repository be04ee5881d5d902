import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setWebhook } from "../src/administration/webhooks.ts";
import { systemClock } from "../src/core/clock.ts";
import { uuidv7Source } from "../src/core/identifiers.ts";
import { destinations } from "../src/delivery/webhooks/destination.ts";
import { openSecretBox } from "../src/ops/secret-key.ts";
import type { GeneralWebhook } from "../src/protocol/connector/webhooks.ts";
import { paced } from "./load/pace.ts";
import { addPartner, addProperties } from "./load/partners.ts";
import { benchPlace } from "./load/place.ts";
import { bodiesOf, call, print, quantile, startInnbox } from "./load/processes.ts";
import { filled } from "./load/seed.ts";

/**
 * How long it takes from the moment when a partner sends a message to the first byte of its announcement at a receiver
 * on this machine, while some endpoints hang and some fail. The commit lies in between, so the figure is an upper bound.
 * `BENCH_DATABASE` has it done on PostgreSQL.
 */
const endpoints = 50;
const hanging = 10;
const failing = 10;
const messagesPerSecond = 100;
const seconds = Number(process.env.BENCH_SECONDS ?? 20);
const limit = 250;

type Partner = Awaited<ReturnType<typeof makePartners>>[number];

await using place = benchPlace();
const sent = new Map<string, number>();
const latencies: number[] = [];
const arrived = new Map<string, number>();
const receiver = createServer((request, response: ServerResponse) => {
  const at = performance.now();
  const behaviour = request.url?.slice(1);
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const { Events } = JSON.parse(Buffer.concat(pieces).toString("utf8")) as GeneralWebhook;
    if (behaviour === "answers") for (const { Value } of Events) arrived.set(Value.Id, at);
    if (behaviour !== "hangs") response.writeHead(behaviour === "fails" ? 500 : 200).end();
  });
});
receiver.listen(0, "127.0.0.1");
await once(receiver, "listening");
const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;

const database = await place.newDatabase();
const partners = await makePartners(database);
const { url } = await startInnbox(place, database, "serve", ["--webhook-allow", "127.0.0.1"]);
const threads = await Promise.all(partners.map((partner) => openThread(url, partner)));
await paced(messagesPerSecond * seconds, messagesPerSecond, (index) =>
  addMessage(url, partners[index % endpoints], threads[index % endpoints]),
);
const expected = [...sent];
while (expected.some(([id]) => !arrived.has(id))) await new Promise((resolve) => setTimeout(resolve, 50));
for (const [id, at] of expected) latencies.push((arrived.get(id) ?? Number.NaN) - at);
const [p50, p99, longest] = [0.5, 0.99, 1].map((share) => Math.round(quantile(latencies, share) * 10) / 10);
print(
  `${messagesPerSecond} messages/s for ${seconds} s to ${endpoints} endpoints, of which ${hanging} hang and ` +
    `${failing} answer 500:\n${latencies.length} announced after ${p50} ms (median), ${p99} ms (p99), ` +
    `${longest} ms (longest)`,
);
if (!(Number(p99) <= limit)) {
  print(`MISSED: p99 is over ${limit} ms`);
  process.exitCode = 1;
}
receiver.closeAllConnections();
receiver.close();

function makePartners(database: string) {
  return filled(database, async (store) => {
    const secretBox = () => openSecretBox({ database, secretKey: undefined, secretKeyFile: place.keyFile }, store.db);
    const administrator = { db: store.db, clock: systemClock, newIdentifier: uuidv7Source(systemClock), secretBox };
    const to = destinations({ kind: "production", allow: ["127.0.0.1"], timeout: 1000 });
    const property = await addProperties(store, 1);
    const kinds = Array.from({ length: endpoints }, (_, index) =>
      index < hanging ? "hangs" : index < hanging + failing ? "fails" : "answers",
    );
    return Array.fromAsync(kinds, async (behaviour, index) => {
      const { clientId, tokens } = await addPartner(store, `Client ${index}`, property);
      const registration = { clientId, kind: "general", url: `${receiverUrl}/${behaviour}` } as const;
      await setWebhook(administrator, { ...registration, events: ["MessageAdded"] }, to);
      return { tokens: tokens[0], behaviour };
    });
  });
}

async function openThread(url: string, { tokens }: Partner): Promise<string> {
  const [body] = bodiesOf([{ OriginalSender: "Guest", Subject: "Stay" }], tokens);
  const { MessageThreads } = await call<{ MessageThreads: { Id: string }[] }>(url, "messageThreads/add", body);
  return MessageThreads[0]?.Id ?? "";
}

async function addMessage(url: string, partner: Partner | undefined, MessageThreadId: string | undefined) {
  if (!partner) return;
  const start = performance.now();
  const [body] = bodiesOf([{ Messages: [{ MessageThreadId, Text: "I will arrive late tonight" }] }], partner.tokens);
  const { Messages } = await call<{ Messages: { Message: { Id: string } }[] }>(url, "messages/add", body);
  const id = Messages[0]?.Message.Id ?? "";
  if (partner.behaviour === "answers") sent.set(id, start);
}
