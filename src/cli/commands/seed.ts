import { days } from "../../core/clock.ts";
import { newToken, tokenDigest } from "../../core/tokens.ts";
import { findAccess } from "../../store/directory/access.ts";
import { changeDirectory, insertClient, insertEnterprise, insertIntegration } from "../../store/directory/directory.ts";
import { claimInstallation } from "../../store/directory/installation.ts";
import type { Parts } from "../../store/parts.ts";
import { addConversations, type BulkPlan } from "../../store/writing/bulk-conversations.ts";
import { administer, databaseOptions } from "../administration.ts";
import { type Command, type Terminal, UsageError, type Values } from "../command.ts";
import { count, progressBar } from "../progress-bar.ts";

export const seedCommand: Command = {
  name: "seed",
  summary: "Fill a sandbox with made-up conversations, as many as you like, to try it at its size.",
  examples: [
    "seed --threads 100000 --database sqlite:data/large.db",
    "seed --threads 1000000 --properties 500 --days 365 --database postgres://innbox:PASSWORD@db.example/innbox",
  ],
  options: [
    { name: "threads", placeholder: "N", description: "How many threads in all.", isRequired: true },
    { name: "messages-per-thread", placeholder: "N", description: "How many messages in each. Default 3." },
    {
      name: "properties",
      placeholder: "N",
      description: "Spread them over new properties, and print the tokens of a new client. Default: at client 1's own.",
    },
    { name: "days", placeholder: "N", description: "Over how many days up to now. Default 80." },
    ...databaseOptions,
  ],
  run: async (values, terminal) => {
    const threads = wholeNumber(values, "threads", 1, 1_000_000_000);
    const messagesPerThread = wholeNumber(values, "messages-per-thread", 0, 1000, 3);
    const properties = values.has("properties") ? wholeNumber(values, "properties", 1, 100_000) : undefined;
    const span = days(wholeNumber(values, "days", 1, 10_000, 80));
    const work = async (parts: Parts) => {
      await makeSandbox(parts);
      const to = parts.clock();
      const place = await (properties ? newPlace(parts, properties, terminal) : ownPlace(parts));
      await fill(parts, { ...place, ...madeUp, threads, messagesPerThread, from: to - span, to }, terminal);
    };
    await administer(values, terminal, work, { mayCreate: true });
  },
};

/** Carries out a plan, and shows how far it is. */
async function fill({ store }: Parts, plan: BulkPlan, terminal: Terminal): Promise<void> {
  const { threads, messagesPerThread } = plan;
  const messages = threads * messagesPerThread;
  const bar = progressBar(process.stderr, () => performance.now());
  const begin = performance.now();
  try {
    await addConversations(store.db, plan, (added) => {
      const done = added * (messagesPerThread + 1);
      bar.draw({ title: "Seeding", done, total: threads + messages, detail: "threads and messages" });
    });
  } finally {
    bar.clear();
  }
  const seconds = (performance.now() - begin) / 1000;
  const rate = `${count(seconds)} s, ${count(threads / seconds)} threads a second`;
  terminal.note(`Added ${count(threads)} threads with ${count(messages)} messages in ${rate}.`);
}

/** A whole number of a flag. @throws UsageError for anything else */
function wholeNumber(values: Values, name: string, least: number, most: number, otherwise?: number): number {
  const text = values.text(name) ?? String(otherwise);
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`);
}

/** Adds the demo world to a database that lacks it. @throws Problem (unavailable) when a real installation is in it */
export async function makeSandbox(parts: Parts): Promise<void> {
  const { db } = parts.store;
  await claimInstallation(db, "sandbox");
  const { seedDemoWorld } = await import("../../sandbox/demo/demo-world.ts");
  await seedDemoWorld(parts);
}

type Place = Pick<BulkPlan, "clientId" | "enterpriseIds">;

/** Client 1 at its primary property. */
export async function ownPlace({ store }: Parts): Promise<Place> {
  const { demoTokens } = await import("../../sandbox/demo/demo-world.ts");
  const { ClientToken, AccessToken } = demoTokens;
  const access = await findAccess(store.db, tokenDigest(ClientToken), tokenDigest(AccessToken));
  if (!access) throw new Error("Client 1 of the demo world is not connected.");
  return { clientId: access.client_id, enterpriseIds: [access.primary_enterprise_id] };
}

/** New properties, and a new client that is connected to all of them; its tokens are printed. */
async function newPlace(parts: Parts, properties: number, terminal: Terminal): Promise<Place> {
  const { store, clock, newIdentifier } = parts;
  const created = clock();
  const clientId = newIdentifier();
  const enterpriseIds = Array.from({ length: properties }, newIdentifier);
  const tokens = { ClientToken: newToken(), AccessToken: newToken() };
  await changeDirectory(store.db, async (transaction) => {
    for (const [index, id] of enterpriseIds.entries()) {
      const enterprise = { id, name: `Property ${index + 1}`, timeZoneIdentifier: "UTC", defaultLanguageCode: "en-US" };
      await insertEnterprise(transaction, { ...enterprise, created });
    }
    const name = `Client of ${count(properties)} properties`;
    await insertClient(transaction, { id: clientId, name, tokenDigest: tokenDigest(tokens.ClientToken), created });
    const integration = { id: newIdentifier(), clientId, enterpriseIds, created };
    await insertIntegration(transaction, { ...integration, tokenDigest: tokenDigest(tokens.AccessToken) });
  });
  terminal.note(`Added ${count(properties)} properties and a client. Its tokens for all of them, shown only now:`);
  terminal.out(JSON.stringify(tokens));
  return { clientId, enterpriseIds };
}

const names = ["Jane", "Ahmed", "Chiara", "Marek", "Yuki", "Olga", "Tom"];
const subjects = ["Late arrival", "Parking", "A quiet room", "Breakfast", "An invoice"];
const questions = ["Our flight lands at 23:40.", "Is there a place for a car?", "Thank you, see you soon!"];
const replies = ["The front desk is open all night.", "We have noted it for you.", "Of course, with pleasure."];

/** What guests and the property's staff say in turn. */
export const madeUp: Pick<BulkPlan, "thread" | "message"> = {
  thread: (index) => ({ originalSender: `${oneOf(names, index)} ${index + 1}`, subject: oneOf(subjects, index) }),
  message: (index, position) =>
    position % 2 === 0
      ? { sender: "Application", text: oneOf(questions, index + position / 2) }
      : { sender: "Enterprise", text: oneOf(replies, index) },
};

function oneOf(texts: readonly string[], index: number): string {
  return texts[index % texts.length] ?? "";
}
