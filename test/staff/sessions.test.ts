import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { authenticateStaff } from "../../src/staff/sign-in/sessions.ts";
import { isOnPostgres } from "../support/database/engine.ts";
import { databaseFile } from "../support/server/server.ts";
import {
  day,
  hour,
  minute,
  mountain,
  password,
  refused,
  seaside,
  staffWorld,
  tokenOf,
} from "../support/server/staff.ts";

test("a caller gets nowhere without a session, or with a made-up one", async (t) => {
  const { browser } = await staffWorld(t);
  for (const cookie of ["", "innbox_session=", "innbox_session=abc", `innbox_session=${"a".repeat(43)}`, "x; ; =y"]) {
    refused(await browser().call("session/get", {}, { Cookie: cookie }), 401, /^Sign in first\.$/);
  }
});

test("a session's cookie is found among others", async (t) => {
  const { person, browser } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  const Cookie = `a=b; innbox_session=${alice.secret()};c=d`;
  assert.equal((await browser().call("session/get", {}, { Cookie })).status, 200);
});

test("a session ends when it has not been used for 12 hours, and lasts as long as it is used", async (t) => {
  const { person, at } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  at(12 * hour - 1);
  await alice.ask("session/get");
  at(24 * hour - 2);
  await alice.ask("session/get");
  at(36 * hour - 2);
  refused(await alice.call("session/get"), 401);
});

test("what is only open does not keep a session going", async (t) => {
  const { person, at, store, clock } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  const authenticate = authenticateStaff(clock);
  const cookie = `innbox_session=${alice.secret()}`;
  at(12 * hour - 1);
  assert.equal((await authenticate(store.db, cookie, false))?.name, "Alice");
  at(12 * hour);
  assert.equal(await authenticate(store.db, cookie, false), undefined);
});

test("a session ends after 7 days, however much it is used", async (t) => {
  const { person, at } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  for (let time = 10 * hour; time < 7 * day; time += 10 * hour) {
    at(time);
    await alice.ask("session/get");
  }
  at(7 * day - 1);
  await alice.ask("session/get");
  at(7 * day);
  refused(await alice.call("session/get"), 401);
});

test("when a session was last used is kept to within a minute", async (t) => {
  const { person, browser, at } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  const phone = browser();
  await phone.call("session/start", { Email: alice.email, Password: password }, { "User-Agent": "Phone" });
  const lastUsed = async () => {
    const { Sessions } = await alice.ask("sessions/getAll");
    return Sessions.find(({ UserAgent }) => UserAgent === "Phone")?.LastUsedUtc;
  };
  at(minute - 1);
  await phone.ask("session/get");
  assert.equal(await lastUsed(), "2026-05-05T10:00:00Z");
  at(minute);
  await phone.ask("session/get");
  assert.equal(await lastUsed(), "2026-05-05T10:01:00Z");
});

test("people see where they are signed in, and no other person's sessions, and end what is not theirs any more", async (t) => {
  const { person, browser, at, url } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  const bob = await person("Bob", { [seaside]: "Manager" });
  at(1);
  const phone = browser();
  await phone.call("session/start", { Email: alice.email, Password: password }, { "User-Agent": "Phone" });
  const { Sessions } = await alice.ask("sessions/getAll");
  const address = new URL(url).hostname;
  assert.deepEqual(
    Sessions.map(({ Id, UserAgent, ...rest }) => rest),
    [
      { IsCurrent: false, Address: address, CreatedUtc: "2026-05-05T10:00:01Z", LastUsedUtc: "2026-05-05T10:00:01Z" },
      { IsCurrent: true, Address: address, CreatedUtc: "2026-05-05T10:00:00Z", LastUsedUtc: "2026-05-05T10:00:00Z" },
    ],
  );
  const SessionId = Sessions[0]?.Id.toUpperCase();
  await bob.ask("sessions/revoke", { SessionId });
  await phone.ask("session/get");
  await alice.ask("sessions/revoke", { SessionId });
  refused(await phone.call("session/get"), 401);
  await alice.ask("sessions/revoke", { SessionId });
  assert.equal((await alice.ask("sessions/getAll")).Sessions.length, 1);

  const own = await alice.call("sessions/revoke", { SessionId: Sessions[1]?.Id });
  assert.match(own.headers.get("set-cookie") ?? "", /^innbox_session=; Max-Age=0; Path=\/;/);
  refused(await alice.call("session/get"), 401);
});

test("signing out ends this session alone, and takes the cookie away", async (t) => {
  const { person, browser } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  const phone = browser();
  await phone.ask("session/start", { Email: alice.email, Password: password });
  const Cookie = `innbox_session=${phone.secret()}`;
  const { headers } = await phone.call("session/end");
  assert.match(headers.get("set-cookie") ?? "", /^innbox_session=; .*Max-Age=0/);
  refused(await browser().call("session/get", {}, { Cookie }), 401);
  await alice.ask("session/get");
});

test("a new password ends the other sessions and open links, and takes the old one to set", async (t) => {
  const { person, browser } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const alice = await person("Alice", { [seaside]: "Agent" });
  const phone = browser();
  await phone.ask("session/start", { Email: alice.email, Password: password });
  const { Link } = await owner.ask("users/reset", { UserId: alice.id });
  const NewPassword = "staple battery horse";
  refused(await alice.call("password/change", { OldPassword: "wrong", NewPassword }), 403, /old password is wrong/);
  refused(await alice.call("password/change", { OldPassword: password, NewPassword: "too short" }), 400);
  await phone.ask("session/get");
  await alice.ask("password/change", { OldPassword: password, NewPassword });
  await alice.ask("session/get");
  refused(await phone.call("session/get"), 401);
  refused(await browser().call("links/get", { Token: tokenOf(Link) }), 404);
  refused(await phone.call("session/start", { Email: alice.email, Password: password }), 401);
  await phone.ask("session/start", { Email: alice.email, Password: NewPassword });
});

test("a thief of a session can't guess its person's password any faster", async (t) => {
  const { person } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  const NewPassword = "staple battery horse";
  for (let time = 0; time < 5; time += 1) {
    refused(await alice.call("password/change", { OldPassword: "wrong", NewPassword }), 403);
  }
  refused(await alice.call("password/change", { OldPassword: password, NewPassword }), 429);
});

test("preferences are each person's own, and begin as the inbox is made", async (t) => {
  const { person } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  const bob = await person("Bob", { [seaside]: "Agent" });
  const standard = {
    Language: "auto",
    SendKey: "Enter",
    Theme: "auto",
    HasNotifications: false,
    HasSound: false,
  };
  assert.deepEqual((await alice.ask("session/get")).Preferences, standard);
  const Preferences = { ...standard, Language: "cs", SendKey: "CtrlEnter", HasSound: true };
  const set = await alice.ask("preferences/set", { Preferences: { ...Preferences, Other: "x".repeat(1000) } });
  assert.deepEqual(set, { Preferences });
  assert.deepEqual((await alice.ask("session/get")).Preferences, Preferences);
  assert.deepEqual((await bob.ask("session/get")).Preferences, standard);
  refused(await alice.call("preferences/set", { Preferences: { ...standard, Theme: "pink" } }), 400);
});

test("the page knows whom the caller works with: at shared properties, and the owners, shut out or not", async (t) => {
  const { person } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const alice = await person("Alice", { [seaside]: "Agent", [mountain]: "Agent" });
  const bob = await person("Bob", { [seaside]: "Manager" });
  const carol = await person("Carol", { [mountain]: "Agent" });
  await owner.ask("users/update", { UserId: alice.id, IsEnabled: false });
  const colleague = (who: { id: string }, Name: string, EnterpriseIds: string[], IsEnabled = true) => ({
    Id: who.id,
    Name,
    IsEnabled,
    EnterpriseIds,
  });
  assert.deepEqual((await bob.ask("session/get")).Colleagues, [
    colleague(alice, "Alice", [seaside], false),
    colleague(bob, "Bob", [seaside]),
    colleague(owner, "Olga", [seaside]),
  ]);
  const { Colleagues, Properties } = await owner.ask("session/get");
  assert.deepEqual(
    Colleagues.map(({ Name, EnterpriseIds }) => [Name, EnterpriseIds.toSorted()]),
    [
      ["Alice", [seaside, mountain]],
      ["Bob", [seaside]],
      ["Carol", [mountain]],
      ["Olga", Properties.map(({ Id }) => Id).toSorted()],
    ].map(([name, ids]) => [name, [...(ids ?? [])].toSorted()]),
  );
  assert.deepEqual(
    (await carol.ask("session/get")).Properties.map(({ Name, Role }) => [Name, Role]),
    [["Mountain", "Agent"]],
  );
});

test("too many requests of one session are stopped, and those of others go on", async (t) => {
  const { person, at } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  const bob = await person("Bob", { [seaside]: "Agent" });
  const answers = [];
  for (let time = 0; time < 12; time += 1) {
    answers.push(...(await Promise.all(Array.from({ length: 100 }, () => alice.call("savedReplies/getAll")))));
  }
  assert.equal(answers.filter(({ status }) => status === 200).length, 1200);
  refused(await alice.call("savedReplies/getAll"), 429);
  await bob.ask("savedReplies/getAll");
  at(minute);
  await alice.ask("savedReplies/getAll");
});

test("neither passwords nor the secrets of sessions and links are in the database or the log", async (t) => {
  const { person, store, database, logged } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const alice = await person("Alice", { [seaside]: "Agent" });
  const { Link } = await owner.ask("users/reset", { UserId: alice.id });
  refused(await alice.call("session/start", { Email: alice.email, Password: "wrong" }), 401);
  const secrets = [alice.secret(), owner.secret(), tokenOf(Link), password];
  const log = JSON.stringify(logged);
  for (const hidden of [...secrets, alice.email, "Alice", "wrong"]) assert.ok(!log.includes(hidden), hidden);
  assert.ok(log.includes("/api/staff/v1/session/start"));
  if (isOnPostgres) return;
  await store.db.transaction(async (transaction) => transaction.script("UPDATE staff_user SET failures = 0"));
  const files = globSync(`${databaseFile(database)}*`).map((file) => readFileSync(file));
  assert.ok(files.length >= 2);
  for (const secret of secrets) {
    const forms = [secret, Buffer.from(secret, "base64url")];
    for (const file of files) assert.ok(!forms.some((form) => file.includes(form)), secret);
  }
  assert.ok(
    files.some((file) => file.includes(alice.email)),
    "the files are the database's",
  );
});
