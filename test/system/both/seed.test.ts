import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { systemClock } from "../../../src/core/clock.ts";
import { uuidv7Source } from "../../../src/core/identifiers.ts";
import type { Event } from "../../../src/protocol/connector/events.ts";
import type { MessageThread } from "../../../src/protocol/connector/message-threads.ts";
import type { Message } from "../../../src/protocol/connector/messages.ts";
import { changeDirectory, insertClient, insertEnterprise } from "../../../src/store/directory/directory.ts";
import { migrate } from "../../../src/store/migrations/migrations.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { addConversations, type BulkPlan } from "../../../src/store/writing/bulk-conversations.ts";
import { isOnPostgres, migratedDatabase } from "../../support/database/engine.ts";
import { stored } from "../../support/database/stored.ts";
import { innboxData, innboxHere, projectFolder } from "../../support/server/process.ts";
import { newDatabase, startSandbox, type TestServer, temporaryFolder } from "../../support/server/server.ts";
import { gross, nobody } from "../../support/server/world.ts";

const day = 86_400_000;

/** A database that no sandbox has been started on yet. */
const newOne = async (t: TestContext) => (isOnPostgres ? migratedDatabase(t) : newDatabase(t));

function seed(database: string, ...args: readonly string[]) {
  return innboxHere(["seed", "--database", database, ...args]);
}

function serve(t: TestContext, database: string): Promise<TestServer> {
  return startSandbox(t, { database, "secret-key-file": join(temporaryFolder(t), "innbox.key") });
}

/** Everything that was created in the last `days`, up to the next second; without the published history. */
function lately(days: number) {
  const utc = (time: number) => new Date(time).toISOString();
  return { StartUtc: utc(Date.now() - days * day), EndUtc: utc(Date.now() + 1000) };
}

/** Reads a list of threads to its end, by pages. */
async function everyThread({ call }: TestServer, filter: object, options = {}): Promise<MessageThread[]> {
  const threads: MessageThread[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const limitation = { Count: 400, ...(cursor && { Cursor: cursor }) };
    const { status, text, body } = await call("messageThreads/getAll", { ...filter, Limitation: limitation }, options);
    assert.equal(status, 200, text);
    threads.push(...body.MessageThreads);
    cursor = body.Cursor;
  }
  return threads;
}

async function messagesOf({ call }: TestServer, ids: readonly string[]): Promise<readonly Message[]> {
  const filter = { MessageThreadIds: ids, Limitation: { Count: 1000 } };
  return (await call("messages/getAll", filter)).body.Messages;
}

async function everyEvent({ call }: TestServer): Promise<Event[]> {
  const events: Event[] = [];
  for (let After: string | undefined; ; ) {
    const { Events, Position } = (await call("events/getAll", { After })).body;
    if (Events.length === 0) return events;
    events.push(...Events);
    After = Position;
  }
}

/** What is wrong with the logs: numbers that are missing, times that do not increase, ends that are not the last entry. */
function faults(database: string): Promise<object[]> {
  return stored(
    database,
    `SELECT property.* FROM property JOIN (
      SELECT enterprise_id, count(*) AS entries, min(sequence) AS lowest, max(sequence) AS highest,
        max(created) AS newest, min(step) AS shortest
      FROM (
        SELECT enterprise_id, sequence, created,
          created - lag(created) OVER (PARTITION BY enterprise_id ORDER BY sequence) AS step
        FROM property_log
      ) AS steps
      GROUP BY enterprise_id
    ) AS log ON log.enterprise_id = property.enterprise_id
    WHERE lowest <> 1 OR highest <> entries OR shortest < 1 OR sequence <> highest OR created <> newest`,
  );
}

/** What doctor finds of the rows, whatever it finds of the machine. */
async function doctorsFinding(database: string): Promise<string | undefined> {
  const { stdout } = await innboxHere(["doctor", "--database", database, "--json"]);
  const findings = JSON.parse(stdout) as { readonly Subject: string; readonly Text: string }[];
  return findings.find(({ Subject }) => Subject === "content")?.Text;
}

test("a server answers from a seeded database", async (t) => {
  const database = await newOne(t);
  const { exitCode, stdout, stderr } = await seed(database, "--threads", "2345", "--days", "60");
  assert.deepEqual([exitCode, stdout], [0, ""]);
  assert.match(stderr, /^Added 2,345 threads with 7,035 messages in \d+ s, [\d,]+ threads a second\.\n$/);
  const server = await serve(t, database);

  const threads = await everyThread(server, { CreatedUtc: lately(61) });
  assert.equal(new Set(threads.map(({ Id }) => Id)).size, 2345);
  assert.deepEqual(await everyThread(server, { UpdatedUtc: lately(61) }), threads, "the same by their updates");
  const times = threads.map(({ CreatedUtc }) => Date.parse(CreatedUtc));
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
  );
  const ids = threads.map(({ Id }) => Number.parseInt(Id.slice(0, 8) + Id.slice(9, 13), 16));
  assert.deepEqual(
    ids.map((time) => Math.floor(time / 1000) * 1000),
    times,
    "ids have the time in them",
  );
  const lengths = times.slice(1).map((time, index) => (times[index] ?? 0) - time);
  const even = (60 * day) / 2345;
  assert.ok(
    lengths.every((length) => Math.abs(length - even) <= 1000),
    "they are evenly spread",
  );

  for (const thread of [threads[0], threads[1000], threads[2344]]) {
    assert.ok(thread);
    const messages = await messagesOf(server, [thread.Id]);
    assert.deepEqual(
      messages.map(({ Sender }) => Sender.Discriminator),
      ["Application", "Enterprise", "Application"],
    );
    assert.equal(messages[0]?.CreatedUtc, thread.UpdatedUtc);
  }
  const events = await everyEvent(server);
  assert.equal(events.filter(({ EnterpriseId }) => EnterpriseId === gross).length, 3 * 2345);
  assert.deepEqual(await faults(database), []);

  const { body } = await server.call("messageThreads/add", { OriginalSender: "Jane", Subject: "Late" });
  const [newest] = await everyThread(server, { CreatedUtc: lately(61) });
  assert.equal(newest?.Id, body.MessageThreads[0]?.Id, "time goes on");
  assert.deepEqual(await faults(database), []);
  assert.equal(await doctorsFinding(database), "Every page and every reference is intact.");
});

test("new properties get their share and a client of their own", async (t) => {
  const database = await newOne(t);
  const { stdout, stderr } = await seed(database, "--threads", "100", "--properties", "7", "--days", "10");
  assert.match(stderr, /^Added 7 properties and a client\. .*\nAdded 100 threads with 300 messages in /);
  const tokens = JSON.parse(stdout);
  const server = await serve(t, database);
  const { Enterprises } = (await server.call("enterprises/getAll", {}, { tokens })).body;
  const counts: number[] = [];
  for (const { Id } of Enterprises) {
    const threads = await everyThread(server, { EnterpriseIds: [Id], CreatedUtc: lately(11) }, { tokens });
    counts.push(threads.length);
    const oldest = Date.parse(threads.at(-1)?.CreatedUtc ?? "");
    assert.ok(oldest < Date.now() - 9 * day, "each has had threads all the time");
  }
  assert.deepEqual(counts.sort(), [14, 14, 14, 14, 14, 15, 15]);
  assert.deepEqual(await everyThread(server, { CreatedUtc: lately(11) }), [], "client 1 sees nothing of them");
  assert.deepEqual(await faults(database), []);
});

test("seeding again goes on in the same log", async (t) => {
  const database = await newOne(t);
  await seed(database, "--threads", "50");
  await seed(database, "--threads", "50", "--messages-per-thread", "0");
  const [log] = await stored<object>(database, "SELECT sequence FROM property WHERE enterprise_id = ?1", gross);
  assert.deepEqual({ ...log }, { sequence: 250 });
  assert.deepEqual(await faults(database), []);
  const { exitCode, stderr } = await seed(database, "--threads", "1000000", "--messages-per-thread", "1000");
  assert.equal(exitCode, 1);
  assert.match(stderr, /^The property has had messages until so lately that no more fit in before now\./);
});

test("a log that others write to while it is seeded stays in order", async (t) => {
  const database = await newOne(t);
  await withStore(database, systemClock, async (store) => {
    const others: Promise<unknown>[] = [];
    const scope = { clientId: plan.clientId, enterpriseIds: plan.enterpriseIds };
    const newIdentifier = uuidv7Source(systemClock);
    await addConversations(store.db, { ...plan, threads: 3500 }, () => {
      const guest = { clientId: plan.clientId, originalSender: "Jane", subject: "Late" };
      const thread = { ...guest, enterpriseId: gross, id: newIdentifier() };
      others.push(store.write({ scope, command: { kind: "openThread", ...thread } }));
    });
    assert.ok(others.length > 2);
    await Promise.all(others);
  });
  assert.deepEqual(await faults(database), []);
});

test("a seed that is killed leaves whole conversations", async (t) => {
  const database = await newOne(t);
  await innboxData("migrate", "--database", database);
  const args = [join(projectFolder, "src/main.ts"), "seed", "--threads", "1000000", "--database", database];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  t.after(() => child.kill("SIGKILL"));
  const ended = once(child, "exit");
  const newest = "SELECT created FROM property WHERE enterprise_id = ?1";
  while ((await stored(database, newest, gross)).length === 0) {
    assert.equal(child.exitCode, null);
    await setImmediate();
  }
  child.kill("SIGKILL");
  await ended;
  const [counts] = await stored<{ threads: number; messages: number }>(
    database,
    `SELECT (SELECT count(*) FROM message_thread WHERE enterprise_id = ?1) AS threads,
      (SELECT count(*) FROM message WHERE enterprise_id = ?1) AS messages`,
    gross,
  );
  assert.ok(counts && counts.threads > 0 && counts.messages === counts.threads * 3, JSON.stringify(counts));
  assert.deepEqual(await faults(database), []);
  assert.equal(await doctorsFinding(database), "Every page and every reference is intact.");
});

test("a seeded row is what the server would have written", async (t) => {
  const [seeded, written] = [await newOne(t), await newOne(t)];
  await withStore(seeded, systemClock, async (store) => {
    await addConversations(store.db, plan, () => undefined);
  });
  let now = 0;
  await withStore(
    written,
    () => now,
    async (store) => {
      for (const { document, kind, created, id, message_thread_id } of await stored<Made>(seeded, inOrder)) {
        now = created;
        const scope = { clientId: plan.clientId, enterpriseIds: plan.enterpriseIds };
        const { OriginalSender: originalSender, Subject: subject, Text: text, Sender } = JSON.parse(document);
        const thread = { clientId: plan.clientId, enterpriseId: gross, id, originalSender, subject };
        const messages = [{ id, messageThreadId: message_thread_id, text }];
        if (kind === "ThreadAdded") await store.write({ scope, command: { kind: "openThread", ...thread } });
        else await store.write({ scope, command: { kind: "addMessages", sender: Sender.Discriminator, messages } });
      }
    },
  );
  for (const table of ["property", "property_log", "message_thread", "message"]) {
    const rows = `SELECT * FROM ${table} ORDER BY created`;
    assert.deepEqual(await stored(written, rows), await stored(seeded, rows), table);
  }
});

test("a real installation is not seeded", async (t) => {
  const database = await newOne(t);
  await innboxData("client", "add", "--name", "Chatbot", "--database", database);
  const { exitCode, stdout, stderr } = await seed(database, "--threads", "10");
  assert.deepEqual([exitCode, stdout], [1, ""]);
  assert.match(
    stderr,
    /^This database belongs to a property's own installation, .*Name another one with --database\.\n$/,
  );
  assert.deepEqual(await stored(database, "SELECT * FROM message_thread"), []);
  assert.deepEqual(await stored(database, "SELECT * FROM enterprise"), []);
});

interface Made {
  readonly kind: string;
  readonly created: number;
  readonly id: string;
  readonly message_thread_id: string;
  readonly document: string;
}

/** Everything that was made, as the log has it. */
const inOrder = `
  SELECT log.kind, log.created, coalesce(message.id, thread.id) AS id, log.message_thread_id,
    coalesce(message.document, thread.document) AS document
  FROM property_log AS log
  LEFT JOIN message_thread AS thread ON thread.enterprise_id = log.enterprise_id AND thread.id = log.message_thread_id
  LEFT JOIN message ON message.enterprise_id = log.enterprise_id AND message.id = log.message_id
  ORDER BY log.sequence`;

const from = Date.UTC(2026, 2, 1) * 1000;

const plan: BulkPlan = {
  clientId: nobody,
  enterpriseIds: [gross],
  threads: 30,
  messagesPerThread: 3,
  from,
  to: from + 20 * day * 1000,
  thread: (index) => ({ originalSender: `Guest ${index}`, subject: `Subject ${index}` }),
  message: (index, position) => ({ sender: position === 1 ? "Enterprise" : "Application", text: `Text ${index}` }),
};

/** A database with one property and one client. */
async function withStore(database: string, clock: () => number, work: (store: Store) => Promise<void>): Promise<void> {
  const store = openStore(database, clock);
  try {
    await migrate(store.db, systemClock);
    const hotel = { id: gross, name: "Gross", timeZoneIdentifier: "UTC", defaultLanguageCode: "en-US", created: 0 };
    await changeDirectory(store.db, async (transaction) => {
      await insertEnterprise(transaction, hotel);
      await insertClient(transaction, { id: nobody, name: "Client", tokenDigest: Buffer.alloc(32), created: 0 });
    });
    await work(store);
  } finally {
    await store.close();
  }
}
