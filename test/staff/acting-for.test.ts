import assert from "node:assert/strict";
import { test } from "node:test";
import { staffOperations } from "../../src/api/staff/operations.ts";
import { nameOf } from "../../src/protocol/operation.ts";
import { frontDesk } from "../support/browser/front-desk.ts";
import { isOnPostgres } from "../support/database/engine.ts";
import { stored } from "../support/database/stored.ts";
import { minute, password, refused, seaside, staffWorld } from "../support/server/staff.ts";
import { gross, net } from "../support/server/world.ts";

const needSession = staffOperations.filter(({ access }) => access !== "anyone");

/** What background work makes of the rest, whenever it gets to it. */
const isDerived = /^(?:search_|sqlite_|inbox_count|webhook_queue|pg_)/;

/** Every row of every table. */
async function everything(database: string): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const named = isOnPostgres
    ? "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
    : "SELECT name FROM sqlite_master WHERE type = 'table'";
  const tables = (await stored<{ name: string }>(database, named)).filter(({ name }) => !isDerived.test(name));
  const contents = await Promise.all(tables.map(({ name }) => stored(database, `SELECT * FROM ${name}`)));
  return new Map(tables.map(({ name }, index) => [name, contents[index] ?? []]));
}

test("a request that acts for one person with the cookie of another is refused, and changes nothing", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const owner = await desk.hire("Olga", "Owner");
  const { body } = await desk.call("messageThreads/add", {
    OriginalSender: "Jane",
    Subject: "Stay",
    EnterpriseId: net,
  });
  const threadId = body.MessageThreads[0]?.Id ?? "";
  await desk.call("messages/add", { Messages: [{ MessageThreadId: threadId, Text: "Hello" }] });
  const { Position } = await owner.open(threadId);
  const values: Readonly<Record<string, unknown>> = {
    MessageThreadId: threadId,
    EnterpriseId: net,
    EnterpriseIds: [net, gross],
    UserId: alice.id,
    Position,
    Id: crypto.randomUUID(),
  };
  const before = await everything(desk.database);
  for (const { description } of needSession) {
    const { example } = description;
    const input = Object.fromEntries(
      Object.entries(example.request).map(([key, value]) => [key, values[key] ?? value]),
    );
    const { status, body } = await owner.call(nameOf(description), input, { "Innbox-User": alice.id });
    assert.equal(status, 412, nameOf(description));
    assert.equal(body.Message, "Somebody else is signed in with this cookie now; nothing was done.");
  }
  assert.deepEqual(await everything(desk.database), before);
  assert.ok(needSession.length > 40, "the operations were walked");
});

test("a request names its person by an id in any letter case, and what is no id is refused", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const ask = async (named: string) => (await alice.call("session/get", {}, { "Innbox-User": named })).status;
  assert.equal(await ask(alice.id), 200);
  assert.equal(await ask(alice.id.toUpperCase()), 200);
  for (const named of ["", "Alice", `${alice.id}, ${alice.id}`]) assert.equal(await ask(named), 412, named);
});

test("a browser has to say whom it acts for, but for what tells it or needs no session; a program need not", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const fromPage = { "Sec-Fetch-Site": "same-origin" };
  assert.equal((await alice.call("counts/getAll")).status, 200);
  assert.equal((await alice.call("counts/getAll", {}, { ...fromPage, "Innbox-User": alice.id })).status, 200);
  for (const { description, access } of staffOperations) {
    const { status, body } = await alice.call(nameOf(description), description.example.request, fromPage);
    const isRefused = status === 400 && body.Message.startsWith("Pages must say for whom they act");
    assert.equal(isRefused, access !== "anyone" && nameOf(description) !== "session/get", nameOf(description));
  }
});

test("the live stream is refused to a page that acts for somebody else, or does not say", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent" });
  const ask = async (query: string, headers: Readonly<Record<string, string>> = {}) => {
    const closing = new AbortController();
    const { status } = await fetch(`${desk.url}/api/staff/v1/live${query}`, {
      headers: { Cookie: bob.cookie, ...headers },
      signal: closing.signal,
    });
    closing.abort();
    return status;
  };
  assert.equal(await ask(`?user=${alice.id}`), 412);
  assert.equal(await ask(`?after=&user=${bob.id.toUpperCase()}`), 200);
  assert.equal(await ask("", { "Sec-Fetch-Site": "same-origin" }), 400);
  assert.equal(await ask(`?user=${bob.id}`, { "Sec-Fetch-Site": "same-origin" }), 200);
  assert.equal(await ask(""), 200);
});

test("a tab of somebody else does not keep a session going", async (t) => {
  const { person, browser, at } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  const bob = await person("Bob", { [seaside]: "Agent" });
  const phone = browser();
  await phone.ask("session/start", { Email: bob.email, Password: password });
  at(10 * minute);
  refused(await bob.call("counts/getAll", {}, { "Innbox-User": alice.id }), 412);
  const { Sessions } = await phone.ask("sessions/getAll");
  const others = Sessions.filter(({ IsCurrent }) => !IsCurrent);
  assert.deepEqual(
    others.map(({ LastUsedUtc }) => LastUsedUtc),
    ["2026-05-05T10:00:00Z"],
  );
});

test("what a page seals with is a person's own, and the same in each of their sessions", async (t) => {
  const { person, browser } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  const bob = await person("Bob", { [seaside]: "Agent" });
  const { BrowserKey } = await alice.ask("session/get");
  assert.equal(Buffer.from(BrowserKey, "base64").length, 32);
  const again = await browser().ask("session/start", { Email: alice.email, Password: password });
  assert.equal(again.BrowserKey, BrowserKey);
  assert.notEqual((await bob.ask("session/get")).BrowserKey, BrowserKey);
});

test("a session ends when its browser signs in anew; those of other devices go on", async (t) => {
  const { person, browser } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  const bob = await person("Bob", { [seaside]: "Agent" });
  const phone = browser();
  await phone.ask("session/start", { Email: alice.email, Password: password });
  assert.equal((await phone.ask("sessions/getAll")).Sessions.length, 2);
  const before = alice.secret();
  await alice.ask("session/start", { Email: bob.email, Password: password });
  assert.equal((await phone.ask("sessions/getAll")).Sessions.length, 1);
  refused(await browser().call("session/get", {}, { Cookie: `innbox_session=${before}` }), 401);
  assert.equal((await bob.ask("session/get")).User.Name, "Bob");
});

test("the stream of a session ends when its browser signs in anew", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  await desk.hire("Bob", { [net]: "Agent" });
  const stream = await alice.live();
  assert.equal((await alice.call("session/start", { Email: "bob@hotel.example", Password: password })).status, 200);
  await stream.next("session-ended");
});
