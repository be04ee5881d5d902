import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { copyFileSync } from "node:fs";
import { rotateAccessToken, setIntegrationEnabled } from "../../../src/administration/integrations.ts";
import { rotateSecret } from "../../../src/administration/webhooks.ts";
import { tokenDigest } from "../../../src/core/tokens.ts";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";
import type { Row } from "../../../src/store/db.ts";
import { openDatabase } from "../../../src/store/store.ts";
import { hire } from "../browser/front-desk.ts";
import { type Received, startReceiver } from "../delivery/receiver.ts";
import { administratorOf, registerWebhook } from "../delivery/webhooks.ts";
import { fileScope, type Scope } from "../run/scope.ts";
import { type CallOptions, databaseFile, newDatabase } from "../server/server.ts";
import { atNet, client2AtGross, everything as everyThread, gross, net, third, world } from "../server/world.ts";
import { inSql } from "./in-sql.ts";

/** The tables of each engine, but for those that say how the schema came to be and what a copy has come to. */
const tables = {
  sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
  postgres: `
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
};
const ownTables = ["schema_migration", "copy_progress"];

/** What is searched is made anew from the logs wherever they are copied to. */
const projection = /^search_/;

/** The names of all tables that hold anything of a hotel's, as the database itself tells. */
export async function tablesOf(url: string): Promise<string[]> {
  const db = openDatabase(url);
  const rows = await db.all(...inSql<{ name: string }>(tables[db.engine]));
  await db.close();
  return rows.map(({ name }) => name).filter((name) => !ownTables.includes(name) && !projection.test(name));
}

/** Every row of every table, in an order of its own. */
export async function everything(url: string): Promise<Record<string, string[]>> {
  const names = (await tablesOf(url)).sort();
  const db = openDatabase(url);
  const lists = await Promise.all(names.map((name) => db.all(...inSql<Row>(`SELECT * FROM ${name}`))));
  await db.close();
  const text = (row: Row) =>
    JSON.stringify(
      Object.entries(row)
        .map(([column, value]) => [column, value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value])
        .sort(),
    );
  return Object.fromEntries(names.map((name, index) => [name, (lists[index] ?? []).map(text).sort()]));
}

const scope = fileScope();
let lived: Promise<LivedIn> | undefined;

/** A copy of the one database of SQLite that the tests of a file share, in which something of everything has happened. */
export async function livedInSandbox(t: Scope): Promise<LivedIn> {
  lived ??= liveIn(scope);
  const original = await lived;
  const database = newDatabase(t);
  const keyFile = `${databaseFile(database)}.key`;
  copyFileSync(databaseFile(original.database), databaseFile(database));
  copyFileSync(original.keyFile, keyFile);
  return { ...original, database, keyFile };
}

type World = Awaited<ReturnType<typeof world>>;

/** The same as another installation, which takes longer: a sandbox that has been stopped. */
export async function liveIn(t: Scope) {
  const database = newDatabase(t);
  const receiver = await startReceiver(t);
  const server = await world(t, { database }, { random: () => 0 });
  await registerWebhooks(server, receiver.url);

  const threads = [await server.addThread(gross), await server.addThread(net), await server.addThread(third)];
  const [thread = ""] = threads;
  server.at(1);
  await server.addMessages(...threads, thread, thread);
  await server.staff("reply", thread);
  await server.app.settled();
  await workAtDesk(t, server, thread);

  receiver.respond(() => 500);
  const rotated = await failAndRotate(server);

  server.at(70);
  await server.staff("resolve", threads[1] ?? "");
  const keyed: readonly [string, object, CallOptions] = [
    "messages/add",
    { Messages: [{ MessageThreadId: thread, Text: 'Zoë asked: "is 50 % of „it“ free?" \\ 🛎️\n' }] },
    { headers: { "Idempotency-Key": "One more" } },
  ];
  const first = await server.call(...keyed);
  assert.equal(first.status, 200, first.text);
  await server.app.settled();
  const waiting = receiver.received.at(-1);
  assert.ok(waiting?.path === "/client-1");

  const { Position } = (await server.call("events/getAll")).body;
  const questions = await askLists(server, thread);
  await server.app.stop();

  const keyFile = `${databaseFile(database)}.key`;
  return { database, keyFile, receiver, thread, waiting, rotated, keyed, first, questions, Position };
}

/** A webhook of each kind, and a secret of one of them that is being replaced. */
async function registerWebhooks(server: World, url: string): Promise<void> {
  const { id: endpoint } = await registerWebhook(server, `${url}/client-1`);
  const { ClientToken: clientToken } = client2AtGross.tokens;
  await registerWebhook(server, `${url}/client-2`, { clientToken });
  await registerWebhook(server, `${url}/changes`, { clientToken, kind: "integration" });
  await rotateSecret(administratorOf(server), endpoint, server.app.clock() + 1_000_000_000);
}

/** Everything that one of the staff may do with a thread, a wrong password, and an invitation. */
async function workAtDesk(t: Scope, server: World, MessageThreadId: string): Promise<void> {
  const desk = await hire(t, server, "Alice", { [gross]: "Manager" });
  await desk.ask("threads/note", { MessageThreadId, Id: randomUUID(), Text: "The key is in the safe." });
  await desk.ask("threads/assign", { MessageThreadId, UserId: desk.id });
  await desk.ask("threads/read", { MessageThreadId, Position: (await desk.open(MessageThreadId)).Position });
  await desk.ask("drafts/set", { MessageThreadId, Text: "Dear" });
  const saved = { EnterpriseId: gross, Shortcut: "late", LanguageCode: "en", Text: "Dear {guest}" };
  await desk.ask("savedReplies/set", saved);
  await desk.call("session/start", { Email: "alice@hotel.example", Password: "wrong" });
  await desk.ask("users/invite", {
    Name: "Bob",
    Email: "bob@hotel.example",
    Memberships: [{ EnterpriseId: gross, Role: "Agent" }],
  });
}

/**
 * A delivery that fails, and is given up once its integration was disabled; and an access token that replaces one.
 * @returns the call options of the new token
 */
async function failAndRotate(server: World): Promise<CallOptions> {
  const administrator = administratorOf(server);
  server.at(2);
  await server.addTo([await server.addThread(gross, client2AtGross)], client2AtGross);
  await server.app.settled();
  await setIntegrationEnabled(administrator, await integrationOf(server, client2AtGross.tokens), false);
  const AccessToken = await rotateAccessToken(administrator, await integrationOf(server, atNet.tokens), 0, 1);
  // What waits for an integration that is disabled is given up when it is due.
  server.at(60);
  await server.app.settled();
  return { tokens: { ...demoTokens, AccessToken } };
}

async function integrationOf({ app }: World, { AccessToken }: { readonly AccessToken: string }): Promise<string> {
  const digest = tokenDigest(AccessToken);
  const [row] = await app.store.db.all(
    ...inSql<{ id: string }>("SELECT integration_id AS id FROM access_token WHERE digest = ?1", digest),
  );
  return row?.id ?? "";
}

/** Lists, from a cursor where they have one, each with its answer. */
async function askLists({ call }: World, thread: string) {
  const page = { MessageThreadIds: [thread], Limitation: { Count: 2 } };
  const { Cursor } = (await call("messages/getAll", page)).body;
  const lists: readonly (readonly [string, object])[] = [
    ["messageThreads/getAll", everyThread],
    ["messages/getAll", { MessageThreadIds: [thread], Limitation: { Count: 2, Cursor } }],
    ["events/getAll", { Limitation: { Count: 10 } }],
  ];
  const questions = [];
  for (const [operation, properties] of lists) {
    const { status, text } = await call(operation, properties);
    assert.equal(status, 200, text);
    questions.push({ operation, properties, answer: text });
  }
  return questions;
}

export type LivedIn = Awaited<ReturnType<typeof liveIn>>;

/** Whether a request is another one of the same delivery. */
export function isSameDelivery(one: Received | undefined, other: Received): boolean {
  return one?.headers["webhook-id"] === other.headers["webhook-id"] && one?.text === other.text;
}
