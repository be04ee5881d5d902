import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { ownPlace } from "../../../src/cli/commands/seed.ts";
import { uuidv7Source } from "../../../src/core/identifiers.ts";
import type { StaffCommand } from "../../../src/messaging/commands.ts";
import type { SenderDiscriminator } from "../../../src/protocol/connector/messages.ts";
import { seedDemoWorld } from "../../../src/sandbox/demo/demo-world.ts";
import { type SearchIndexer, searchIndexer } from "../../../src/staff/search/indexer.ts";
import { parseSearch } from "../../../src/staff/search/query.ts";
import { migrate } from "../../../src/store/migrations/migrations.ts";
import { search } from "../../../src/store/search/search.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { engineDatabase } from "../server/server.ts";
import { enterprises, net, nobody } from "../server/world.ts";

/** More than any search of a test takes, in milliseconds: none of them is about time unless it says so. */
const patience = 60_000;

const start = Date.UTC(2026, 4, 5, 10);

/** Another process with the same database, as far as what it keeps matters. It ends with the test, or before. */
export function anotherStore(t: TestContext, database: string, clock = () => start * 1000) {
  const store = openStore(database, clock);
  const indexers: SearchIndexer[] = [];
  let ended: Promise<void> | undefined;
  const close = () => {
    ended ??= Promise.all(indexers.map((indexer) => indexer.stop())).then(store.close);
    return ended;
  };
  t.after(close);
  /** Keeps the index up to date. */
  function index(): SearchIndexer {
    const indexer = searchIndexer(store, (error) => assert.fail(String(error)));
    indexers.push(indexer);
    return indexer;
  }
  return { ...store, close, index };
}

/** The demo world without a server: only the test itself makes an index of it. */
export async function conversations(t: TestContext) {
  const database = await engineDatabase(t);
  let now = start * 1000;
  const clock = () => now;
  const newIdentifier = uuidv7Source(clock);
  const store = anotherStore(t, database, clock);
  await migrate(store.db, clock);
  await seedDemoWorld({ store, clock, newIdentifier });
  const { clientId } = await ownPlace({ store, clock, newIdentifier });
  const ofProperty = { clientId: null, enterpriseIds: enterprises };

  /** Says something in a thread. */
  async function say(messageThreadId: string, text: string, sender: SenderDiscriminator = "Application") {
    const messages = [{ id: newIdentifier(), messageThreadId, text }];
    await store.write({ scope: ofProperty, command: { kind: "addMessages", sender, messages } });
  }

  /** Opens a thread and says these things in it. Answers its id. */
  async function open(originalSender: string, subject: string, texts: readonly string[], enterpriseId: string = net) {
    const id = newIdentifier();
    const scope = { clientId, enterpriseIds: [enterpriseId] };
    const thread = { clientId, enterpriseId, id, originalSender, subject };
    await store.write({ scope, command: { kind: "openThread", ...thread } });
    for (const text of texts) await say(id, text);
    return id;
  }

  const staff = (command: StaffCommand) => store.write({ scope: ofProperty, command });
  const resolve = (messageThreadId: string) => staff({ kind: "setResolved", messageThreadId, isResolved: true });
  const note = (messageThreadId: string, text: string) =>
    staff({ kind: "addNote", messageThreadId, id: newIdentifier(), userId: nobody, text });
  const assign = (messageThreadId: string, assigneeId: string) =>
    staff({ kind: "assign", messageThreadId, userId: nobody, assigneeId });
  const at = (second: number) => {
    now = (start + second * 1000) * 1000;
  };
  return { store, database, at, open, say, resolve, note, assign };
}

/** The same, with an index of it all. */
export async function searchedWorld(t: TestContext) {
  const world = await conversations(t);
  const indexer = world.store.index();

  /** The ids of the threads that somebody at some properties, or at all of them, finds. */
  async function found(typed: string, enterpriseIds: readonly string[] = enterprises): Promise<string[]> {
    await indexer.settled();
    const { ids, isComplete } = await searchIn(world.store, typed, enterpriseIds);
    assert.ok(isComplete, "all of history was looked through");
    return ids;
  }
  return { ...world, indexer, found };
}

/** What a person finds, to whom the user of this id is themselves. */
export async function searchIn(store: Store, typed: string, enterpriseIds: readonly string[] = enterprises) {
  const scope = { clientId: null, enterpriseIds };
  const outcome = await search(store.db, scope, nobody, parseSearch(typed), 50, patience);
  return { ...outcome, ids: outcome.hits.map(({ messageThreadId }) => messageThreadId) };
}
