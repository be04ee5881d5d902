import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { turns } from "../../src/core/turns.ts";
import { trySignIn } from "../../src/staff/sign-in/sign-in.ts";
import { countFailure, strangerCounters } from "../../src/staff/sign-in/throttle.ts";
import { inSql } from "../support/database/in-sql.ts";
import {
  type Browser,
  minute,
  password,
  refused,
  type StaffWorld,
  seaside,
  staffWorld,
  tokenOf,
} from "../support/server/staff.ts";

/** A world whose visitors come from wherever a test says. */
const worldBehindProxy = (t: TestContext) => staffWorld(t, { "trust-proxy": "127.0.0.1" });

const attacker = "198.51.100.7";
const home = "203.0.113.9";

function signIn(browser: Browser, Email: string, Password: string, address = attacker) {
  return browser.call("session/start", { Email, Password }, { "X-Forwarded-For": address });
}

async function guess({ browser }: StaffWorld, email: string, address = attacker, times = 5): Promise<void> {
  const guesses = Array.from({ length: times }, () => signIn(browser(), email, "wrong", address));
  for (const answer of await Promise.all(guesses)) refused(answer, 401);
}

test("guesses from one network make that network wait, and no other", async (t) => {
  const world = await worldBehindProxy(t);
  const { email } = await world.person("Alice", { [seaside]: "Agent" });
  await guess(world, email);
  refused(await signIn(world.browser(), email, password), 429);
  assert.equal((await signIn(world.browser(), email, password, home)).status, 200);
});

test("a device in which somebody has signed in before is kept out by no stranger, even one beside it", async (t) => {
  const world = await worldBehindProxy(t);
  const alice = await world.person("Alice", { [seaside]: "Agent" });
  await guess(world, alice.email);
  for (const account of [1, 2, 3]) await guess(world, `n${account}@hotel.example`);
  refused(await signIn(world.browser(), "another@hotel.example", "wrong"), 429);
  assert.equal((await signIn(alice, alice.email, password)).status, 200);
  await alice.ask("session/end");
  assert.equal((await signIn(alice, alice.email, password)).status, 200);
});

test("a device has a small count of its own, which makes no other browser wait", async (t) => {
  const world = await worldBehindProxy(t);
  const alice = await world.person("Alice", { [seaside]: "Agent" });
  for (let time = 0; time < 5; time += 1) refused(await signIn(alice, alice.email, "wrong"), 401);
  refused(await signIn(alice, alice.email, password), 429, /try again in 60 s/);
  assert.equal((await signIn(world.browser(), alice.email, password)).status, 200);
  world.at(minute);
  assert.equal((await signIn(alice, alice.email, password)).status, 200);
});

test("a device is known for the people who have signed in with it, and for no others", async (t) => {
  const world = await worldBehindProxy(t);
  const alice = await world.person("Alice", { [seaside]: "Agent" });
  const bob = await world.person("Bob", { [seaside]: "Agent" });
  await guess(world, alice.email);
  refused(await signIn(bob, alice.email, password), 429);
  const desk = world.browser(bob.device());
  assert.equal((await signIn(desk, alice.email, password, home)).status, 200);
  assert.equal(desk.device().split(".").length, 2);
  assert.equal((await signIn(desk, alice.email, password)).status, 200);
  assert.equal((await signIn(desk, bob.email, password)).status, 200);
  assert.equal(desk.device().split(".").length, 2);
});

test("a secret that somebody else has put into a browser is never taken for a person's own", async (t) => {
  const world = await worldBehindProxy(t);
  const alice = await world.person("Alice", { [seaside]: "Agent" });
  const planted = "planted-planted-planted-planted-planted-pla";
  const desk = world.browser(planted);
  assert.equal((await signIn(desk, alice.email, password, home)).status, 200);
  await guess(world, alice.email);
  refused(await signIn(world.browser(planted), alice.email, password), 429);
  assert.equal((await signIn(desk, alice.email, password)).status, 200);
});

test("a new password, and being shut out, have a person's other devices forgotten", async (t) => {
  const world = await worldBehindProxy(t);
  const owner = await world.person("Olga", "Owner");
  const alice = await world.person("Alice", { [seaside]: "Agent" });
  const other = world.browser();
  assert.equal((await signIn(other, alice.email, password, home)).status, 200);
  const NewPassword = "staple battery horse";
  await alice.ask("password/change", { OldPassword: password, NewPassword });
  await guess(world, alice.email);
  refused(await signIn(other, alice.email, NewPassword), 429);
  assert.equal((await signIn(alice, alice.email, NewPassword)).status, 200);
  await owner.ask("users/update", { UserId: alice.id, IsEnabled: false });
  await owner.ask("users/update", { UserId: alice.id, IsEnabled: true });
  refused(await signIn(alice, alice.email, NewPassword), 429);
});

test("an IPv6 network counts as one, whatever address of it is used", async (t) => {
  const world = await worldBehindProxy(t);
  const { email } = await world.person("Alice", { [seaside]: "Agent" });
  await Promise.all([1, 2, 3, 4, 5].map((host) => guess(world, email, `2001:db8:0:1::${host}`, 1)));
  refused(await signIn(world.browser(), email, password, "2001:db8:0:1:ffff::6"), 429);
  assert.equal((await signIn(world.browser(), email, password, "2001:db8:0:2::1")).status, 200);
});

for (const email of ["alice@hotel.example", "nobody@hotel.example"]) {
  test(`a hundred networks that guess at ${email} slow strangers down, and no device of the person`, async (t) => {
    const world = await worldBehindProxy(t);
    const { store, clock, secretBox, at } = world;
    const alice = await world.person("Alice", { [seaside]: "Agent" });
    const owner = await world.person("Olga", "Owner");
    const box = await secretBox();
    for (let network = 0; network < 100; network += 1) {
      const counters = strangerCounters(box, email, `192.0.2.${network}`);
      await store.db.transaction((transaction) => countFailure(transaction, counters, clock()));
    }
    const early = await signIn(world.browser(), email, "wrong", home);
    refused(early, 429);
    assert.equal(early.headers.get("retry-after"), String(6 * minute));
    at(6 * minute);
    refused(await signIn(world.browser(), email, "wrong", home), 401);
    refused(await signIn(world.browser(), email, "wrong", home), 429);
    assert.equal((await signIn(alice, alice.email, password)).status, 200);
    // Who lost every device gets in by a new link.
    const { Link } = await owner.ask("users/reset", { UserId: alice.id });
    const page = world.browser();
    await page.ask("links/use", { Token: tokenOf(Link), Password: password });
    assert.equal((await signIn(page, alice.email, password)).status, 200);
  });
}

test("a try that never had a turn counts as nothing", async (t) => {
  const { person, store, clock, secretBox } = await staffWorld(t);
  const { email } = await person("Alice", { [seaside]: "Agent" });
  const busy = turns({ atOnce: 1, waiting: 0 });
  let free: () => void = () => undefined;
  const occupied = busy.take({ isKnown: false, group: "" }, () => new Promise<void>((resolve) => (free = resolve)));
  const visitor = { address: attacker, devices: [] };
  const attempt = () => trySignIn({ db: store.db, clock, secretBox, turns: busy }, email, password, visitor);
  for (let time = 0; time < 30; time += 1) await assert.rejects(attempt(), { kind: "unavailable" });
  free();
  await occupied;
  assert.equal((await attempt())?.email, email);
});

test("in an open session only its own tries of the old password count", async (t) => {
  const world = await worldBehindProxy(t);
  const alice = await world.person("Alice", { [seaside]: "Agent" });
  const phone = world.browser();
  assert.equal((await signIn(phone, alice.email, password)).status, 200);
  const change = (browser: Browser, OldPassword: string) =>
    browser.call("password/change", { OldPassword, NewPassword: password }, { "X-Forwarded-For": attacker });
  await guess(world, alice.email);
  for (let time = 0; time < 5; time += 1) refused(await change(phone, "wrong"), 403);
  refused(await change(phone, password), 429);
  assert.equal((await change(alice, password)).status, 200);
  assert.equal((await signIn(alice, alice.email, password)).status, 200);
});

test("strangers who ask all that their network may ask keep no known device from signing in", async (t) => {
  const world = await worldBehindProxy(t);
  const alice = await world.person("Alice", { [seaside]: "Agent" });
  const stranger = world.browser();
  const ask = () => stranger.call("session/get", {}, { "X-Forwarded-For": attacker });
  for (let time = 0; time < 3; time += 1) await Promise.all(Array.from({ length: 100 }, ask));
  refused(await ask(), 429);
  refused(await signIn(world.browser(), alice.email, password), 429);
  refused(await signIn(world.browser("made-up-made-up-made-up-made-up-made-up-mad"), alice.email, password), 429);
  await alice.ask("session/end");
  assert.equal((await signIn(alice, alice.email, password)).status, 200);
});

test("what was counted is forgotten in time, and its rows are removed", async (t) => {
  const world = await worldBehindProxy(t);
  const { store, at } = world;
  const rows = async () => (await store.db.all(...inSql("SELECT digest FROM staff_throttle"))).length;
  for (let account = 0; account < 4; account += 1) await guess(world, `n${account}@hotel.example`, attacker, 2);
  assert.equal(await rows(), 4 + 4 + 1);
  at(24 * 60 * minute);
  await guess(world, "another@hotel.example", home, 2);
  assert.equal(await rows(), 3);
});
