import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword, isPassword } from "../../src/staff/sign-in/passwords.ts";
import { deviceCookie, sessionCookie } from "../../src/staff/sign-in/sessions.ts";
import { minute, password, refused, seaside, staffWorld } from "../support/server/staff.ts";

test("a password is kept as a salted argon2id hash that tells it from every other", async () => {
  const [kept, again] = await Promise.all([hashPassword("Příliš žluťoučký"), hashPassword("Příliš žluťoučký")]);
  assert.match(kept, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  assert.notEqual(kept, again);
  assert.equal(await isPassword("Příliš žluťoučký".normalize("NFD"), kept), true);
  assert.equal(await isPassword("Prilis zlutoucky", kept), false);
  assert.equal(await isPassword("", null), false);
  const weaker = "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  assert.equal(await isPassword("", weaker), false);
});

test("somebody signs in with their address in any letter case, and is told who they are", async (t) => {
  const { person, browser } = await staffWorld(t);
  const { id } = await person("Alice", { [seaside]: "Agent" });
  const page = browser();
  const { status, body, headers } = await page.call("session/start", {
    Email: " Alice@HOTEL.example ",
    Password: password,
  });
  assert.equal(status, 200);
  assert.equal(headers.get("cache-control"), "no-store");
  assert.deepEqual(body.User, {
    Id: id,
    Name: "Alice",
    Email: "alice@hotel.example",
    IsOwner: false,
    IsEnabled: true,
    HasPassword: true,
    Memberships: [{ EnterpriseId: seaside, Role: "Agent" }],
  });
  assert.deepEqual(await page.ask("session/get"), body);
});

test("a wrong password, an unknown address and somebody without a password or shut out get the same answer", async (t) => {
  const { person, browser } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  await person("Alice", { [seaside]: "Agent" });
  const bob = await person("Bob", { [seaside]: "Agent" });
  await owner.ask("users/update", { UserId: bob.id, IsEnabled: false });
  await owner.ask("users/invite", { Name: "Carol", Email: "carol@hotel.example", Memberships: [] });
  const texts = new Set<string>();
  for (const [name, Password] of [
    ["alice", "wrong"],
    ["nobody", password],
    ["bob", password],
    ["carol", password],
    ["carol", ""],
  ]) {
    const answer = await browser().call("session/start", { Email: `${name}@hotel.example`, Password });
    refused(answer, 401);
    assert.equal(answer.headers.get("set-cookie"), null);
    texts.add(answer.body.Message);
  }
  assert.equal(texts.size, 1);
});

test("an address without @ is refused with a sentence", async (t) => {
  const { browser } = await staffWorld(t);
  for (const Email of ["alice", "@hotel.example", "alice@", "a lice@hotel.example", "a@b@c"]) {
    refused(await browser().call("session/start", { Email, Password: "x" }), 400, /@ with something on both sides/);
  }
});

for (const [whose, Email] of [
  ["a person", "alice@hotel.example"],
  ["nobody", "nobody@hotel.example"],
] as const) {
  test(`after five wrong passwords of ${whose} each try waits longer, up to 15 minutes`, async (t) => {
    const { person, browser, at } = await staffWorld(t);
    await person("Alice", { [seaside]: "Agent" });
    let time = 0;
    // Far apart, so that the limit of their address is not reached.
    const wrong = async () => refused(await browser().call("session/start", { Email, Password: "wrong" }), 401);
    for (let failure = 1; failure <= 5; failure += 1) await wrong();
    for (const wait of [1, 2, 4, 8, 15, 15]) {
      at(time + wait * minute - 1);
      const early = await browser().call("session/start", { Email, Password: password });
      refused(early, 429, /try again in 1 s/);
      assert.equal(early.headers.get("retry-after"), "1");
      time += wait * minute;
      at(time);
      await wrong();
    }
  });
}

test("a right password begins the count anew", async (t) => {
  const { person, browser, at } = await staffWorld(t);
  const { email: Email } = await person("Alice", { [seaside]: "Agent" });
  const wrong = async () => refused(await browser().call("session/start", { Email, Password: "wrong" }), 401);
  for (let failure = 1; failure <= 5; failure += 1) await wrong();
  // A try that gets no turn counts as none, and keeps no colleague at the same address out.
  for (let time = 0; time < 20; time += 1) {
    refused(await browser().call("session/start", { Email, Password: password }), 429);
  }
  const bob = await person("Bob", { [seaside]: "Agent" });
  await bob.ask("session/start", { Email: bob.email, Password: password });
  at(minute);
  await browser().ask("session/start", { Email, Password: password });
  for (let failure = 1; failure <= 5; failure += 1) await wrong();
  refused(await browser().call("session/start", { Email, Password: password }), 429);
});

test("many guesses at once get no more than five", async (t) => {
  const { person, browser } = await staffWorld(t);
  const { email: Email } = await person("Alice", { [seaside]: "Agent" });
  const guesses = Array.from({ length: 15 }, () => browser().call("session/start", { Email, Password: "wrong" }));
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  assert.deepEqual(statuses.toSorted(), [...Array<number>(5).fill(401), ...Array<number>(10).fill(429)]);
});

test("a network that guesses at many accounts is stopped, and has one more guess in each 45 s", async (t) => {
  const { person, browser, at } = await staffWorld(t);
  const { email } = await person("Alice", { [seaside]: "Agent" });
  const guess = (number: number) => browser().call("session/start", { Email: `n${number}@x.example`, Password: "x" });
  const answers = await Promise.all(Array.from({ length: 22 }, (_, number) => guess(number)));
  assert.equal(answers.filter(({ status }) => status === 401).length, 20);
  const stopped = await browser().call("session/start", { Email: email, Password: password });
  refused(stopped, 429);
  assert.equal(stopped.headers.get("retry-after"), "45");
  at(45);
  await browser().ask("session/start", { Email: email, Password: password });
});

test("right passwords count nowhere, however many", async (t) => {
  const { person, browser } = await staffWorld(t);
  const { email } = await person("Alice", { [seaside]: "Agent" });
  for (let time = 0; time < 25; time += 1) {
    await browser().ask("session/start", { Email: email, Password: password });
  }
});

test("the cookie is out of reach of scripts and other sites, and secure but for a machine's own browser", async (t) => {
  const { person, browser, url } = await staffWorld(t);
  const { email } = await person("Alice", { [seaside]: "Agent" });
  const { headers } = await browser().call("session/start", { Email: email, Password: password });
  const [session = "", device = ""] = headers.getSetCookie();
  assert.match(session, /^innbox_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
  assert.match(device, /^innbox_device=[\w-]{43}; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.match(url, /^http:\/\/127/);
  assert.match(sessionCookie(null, true), /^innbox_session=; Max-Age=0; .*; Secure; SameSite=Lax$/);
  assert.match(deviceCookie("x", true), /; Secure; SameSite=Strict$/);
});

test("pages of others, and what is no JSON, are turned away before anything else", async (t) => {
  const { person, url } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  for (const site of ["cross-site", "same-site"]) {
    refused(await alice.call("session/get", {}, { "Sec-Fetch-Site": site }), 403, /Only pages of this server/);
  }
  for (const site of ["same-origin", "none"]) {
    assert.equal((await alice.call("session/get", {}, { "Sec-Fetch-Site": site })).status, 200);
  }
  refused(await alice.call("session/get", {}, { "Content-Type": "text/plain" }), 400, /Content-Type/);
  assert.equal((await fetch(`${url}/api/staff/v1/session/get/`, { method: "POST" })).status, 404);
  assert.equal((await fetch(`${url}/api/staff/v1/session/get`)).status, 404);
});
