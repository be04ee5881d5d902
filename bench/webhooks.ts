import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { addIntegration } from "../src/administration/integrations.ts";
import { setWebhook } from "../src/administration/webhooks.ts";
import { systemClock } from "../src/clock.ts";
import { destinations } from "../src/events/destination.ts";
import { uuidv7Source } from "../src/identifiers.ts";
import type { GeneralWebhook } from "../src/protocol/webhooks.ts";
import { openSecretBox } from "../src/secret-key.ts";
import { changeDirectory, insertClient, insertEnterprise } from "../src/store/directory.ts";
import { migrate } from "../src/store/migrations.ts";
import { openStore } from "../src/store/store.ts";
import { newToken, tokenDigest } from "../src/tokens.ts";

/**
 * How long it takes from the moment when a partner sends a message to the first byte of its announcement at a receiver
 * on this machine, while some endpoints hang and some fail. The commit lies in between, so the figure is an upper bound.
 */
const endpoints = 50;
const hanging = 10;
const failing = 10;
const messagesPerSecond = 100;
const seconds = Number(process.env.BENCH_SECONDS ?? 20);
const limit = 250;

interface Partner {
  readonly tokens: { readonly ClientToken: string; readonly AccessToken: string };
  readonly behaviour: "answers" | "hangs" | "fails";
}

const folder = mkdtempSync(join(tmpdir(), "innbox-bench-"));
const database = `sqlite:${join(folder, "bench.db")}`;
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

const partners = await makePartners();
const flags = ["--port", "0", "--database", database, "--rate-limit", "off", "--webhook-allow", "127.0.0.1"];
const server = spawn(process.execPath, ["src/main.ts", "serve", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const url = await address();
  const threads = await Promise.all(partners.map((partner) => openThread(url, partner)));
  const adding: Promise<void>[] = [];
  const total = messagesPerSecond * seconds;
  const start = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, ((performance.now() - start) / 1000) * messagesPerSecond);
      while (adding.length < due) {
        const index = adding.length % endpoints;
        adding.push(addMessage(url, partners[index], threads[index]));
      }
      if (adding.length < total) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
  await Promise.all(adding);
  const expected = [...sent];
  while (expected.some(([id]) => !arrived.has(id))) await new Promise((resolve) => setTimeout(resolve, 50));
  for (const [id, at] of expected) latencies.push((arrived.get(id) ?? Number.NaN) - at);
  latencies.sort((a, b) => a - b);
  const [p50, p99] = [quantile(0.5), quantile(0.99)];
  print(
    `${messagesPerSecond} messages/s for ${seconds} s to ${endpoints} endpoints, of which ${hanging} hang and ` +
      `${failing} answer 500:\n${latencies.length} announced after ${p50} ms (median), ${p99} ms (p99), ` +
      `${quantile(1)} ms (longest)`,
  );
  if (p99 > limit) {
    print(`MISSED: p99 is over ${limit} ms`);
    process.exitCode = 1;
  }
} finally {
  server.kill("SIGKILL");
  receiver.closeAllConnections();
  receiver.close();
  rmSync(folder, { recursive: true, force: true });
}

async function makePartners(): Promise<Partner[]> {
  const store = openStore(database, systemClock);
  await migrate(store.db, systemClock);
  const place = { database, secretKey: undefined, secretKeyFile: undefined };
  const newIdentifier = uuidv7Source(systemClock);
  const secretBox = () => openSecretBox(place, store.db);
  const administrator = { store, clock: systemClock, newIdentifier, secretBox };
  const to = destinations({ kind: "production", allow: ["127.0.0.1"], timeout: 1000 });
  const enterpriseId = newIdentifier();
  const hotel = { id: enterpriseId, name: "Hotel", timeZoneIdentifier: "UTC", defaultLanguageCode: "en-US" };
  await changeDirectory(store.db, (transaction) => insertEnterprise(transaction, { ...hotel, created: systemClock() }));
  const partners: Partner[] = [];
  for (let index = 0; index < endpoints; index += 1) {
    const behaviour = index < hanging ? "hangs" : index < hanging + failing ? "fails" : "answers";
    const [id, token] = [newIdentifier(), newToken()];
    const client = { id, name: `Client ${index}`, tokenDigest: tokenDigest(token), created: systemClock() };
    await changeDirectory(store.db, (transaction) => insertClient(transaction, client));
    const { accessToken } = await addIntegration(administrator, id, [enterpriseId]);
    const registration = { clientId: id, kind: "general", url: `${receiverUrl}/${behaviour}` } as const;
    await setWebhook(administrator, { ...registration, events: ["MessageAdded"] }, to);
    partners.push({ tokens: { ClientToken: token, AccessToken: accessToken }, behaviour });
  }
  store.close();
  return partners;
}

async function address(): Promise<string> {
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (!url) continue;
    server.stdout.resume();
    return url;
  }
  throw new Error("The server did not start.");
}

async function call<T>(url: string, operation: string, tokens: object, properties: object): Promise<T> {
  const response = await fetch(`${url}/api/connector/v1/${operation}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...tokens, Client: "Bench 1.0.0", ...properties }),
  });
  if (!response.ok) throw new Error(`${operation} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function openThread(url: string, { tokens }: Partner): Promise<string> {
  const guest = { OriginalSender: "Guest", Subject: "Stay" };
  const { MessageThreads } = await call<{ MessageThreads: { Id: string }[] }>(url, "messageThreads/add", tokens, guest);
  return MessageThreads[0]?.Id ?? "";
}

async function addMessage(url: string, partner: Partner | undefined, MessageThreadId: string | undefined) {
  if (!partner) return;
  const start = performance.now();
  const body = { Messages: [{ MessageThreadId, Text: "I will arrive late tonight" }] };
  const { Messages } = await call<{ Messages: { Message: { Id: string } }[] }>(
    url,
    "messages/add",
    partner.tokens,
    body,
  );
  const id = Messages[0]?.Message.Id ?? "";
  if (partner.behaviour === "answers") sent.set(id, start);
}

function quantile(share: number): number {
  const latency = latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return Math.round(latency * 10) / 10;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
