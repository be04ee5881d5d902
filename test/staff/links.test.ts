import assert from "node:assert/strict";
import { test } from "node:test";
import { firstOwnerLink } from "../../src/administration/staff.ts";
import { type Browser, day, password, refused, seaside, staffWorld, tokenOf } from "../support/server/staff.ts";

const alice = { Name: "Alice", Email: "Alice@hotel.example", Memberships: [{ EnterpriseId: seaside, Role: "Agent" }] };

async function invited(owner: Browser, person = alice): Promise<string> {
  return (await owner.ask("users/invite", person)).Link;
}

test("an invitation says whom it is for, sets the password and signs in", async (t) => {
  const { person, browser, url, at } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const Link = await invited(owner);
  assert.match(Link, new RegExp(`^${url}/inbox/link#[\\w-]{43}$`));
  at(7 * day - 1);
  const page = browser();
  assert.deepEqual(await page.ask("links/get", { Token: tokenOf(Link) }), {
    Purpose: "Invitation",
    Name: "Alice",
    Email: "alice@hotel.example",
  });
  refused(await page.call("links/use", { Token: tokenOf(Link), Password: "too short" }), 400, /Password/);
  const { User } = await page.ask("links/use", { Token: tokenOf(Link), Password: password, Name: " Ally " });
  assert.deepEqual([User.Name, User.HasPassword], ["Ally", true]);
  assert.deepEqual((await page.ask("session/get")).User, User);
  await browser().ask("session/start", { Email: "alice@hotel.example", Password: password });
});

test("a link is good once, even for two who use it at the same time", async (t) => {
  const { person, browser } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const Token = tokenOf(await invited(owner));
  const passwords = ["first of two passwords", "other of two passwords"];
  const pages = passwords.map(() => browser());
  const answers = await Promise.all(
    pages.map((page, index) => page.call("links/use", { Token, Password: passwords[index] })),
  );
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 404]);
  const winner = answers.findIndex(({ status }) => status === 200);
  const [loser] = answers.filter(({ status }) => status === 404);
  assert.match(loser?.body.Message ?? "", /not good any more/);
  const Email = "alice@hotel.example";
  await browser().ask("session/start", { Email, Password: passwords[winner] });
  refused(await browser().call("session/start", { Email, Password: passwords[1 - winner] }), 401);
  await pages[winner]?.ask("session/get");
  refused(await browser().call("links/get", { Token }), 404);
  refused(await browser().call("links/use", { Token, Password: password }), 404);
});

test("links expire: an invitation after 7 days, a reset after one", async (t) => {
  const { person, browser, at } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const bob = await person("Bob", { [seaside]: "Agent" });
  const invitation = tokenOf(await invited(owner));
  const reset = tokenOf((await owner.ask("users/reset", { UserId: bob.id })).Link);
  const status = async (Token: string) => (await browser().call("links/get", { Token })).status;
  at(day - 1);
  assert.deepEqual([await status(invitation), await status(reset)], [200, 200]);
  at(day);
  assert.deepEqual([await status(invitation), await status(reset)], [200, 404]);
  refused(await browser().call("links/use", { Token: reset, Password: password }), 404);
  at(7 * day);
  assert.equal(await status(invitation), 404);
  refused(await browser().call("links/use", { Token: invitation, Password: password }), 404);
});

test("a new link takes the place of those before it", async (t) => {
  const { person, browser } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const first = tokenOf(await invited(owner));
  const second = tokenOf(await invited(owner));
  refused(await browser().call("links/get", { Token: first }), 404);
  await browser().ask("links/get", { Token: second });
});

test("a reset leaves the password until it is used, and then ends every session", async (t) => {
  const { person, browser } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const bob = await person("Bob", { [seaside]: "Agent" });
  const { Link } = await owner.ask("users/reset", { UserId: bob.id.toUpperCase() });
  await bob.ask("session/get");
  const page = browser();
  assert.equal((await page.ask("links/get", { Token: tokenOf(Link) })).Purpose, "Reset");
  await page.ask("links/use", { Token: tokenOf(Link), Password: "staple battery horse" });
  refused(await bob.call("session/get"), 401);
  refused(await bob.call("session/start", { Email: bob.email, Password: password }), 401);
  await bob.ask("session/start", { Email: bob.email, Password: "staple battery horse" });
});

test("a reset lets somebody in again who has guessed too often", async (t) => {
  const { person, browser } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const bob = await person("Bob", { [seaside]: "Agent" });
  const signIn = (Password: string) => browser().call("session/start", { Email: bob.email, Password });
  for (let time = 0; time < 5; time += 1) refused(await signIn("wrong"), 401);
  refused(await signIn(password), 429);
  const { Link } = await owner.ask("users/reset", { UserId: bob.id });
  await browser().ask("links/use", { Token: tokenOf(Link), Password: password });
  assert.equal((await signIn(password)).status, 200);
});

test("links of somebody who is shut out, or becomes an owner, are good no more", async (t) => {
  const { person, browser } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  for (const change of [{ IsEnabled: false }, { IsOwner: true }]) {
    const Email = `n${Object.keys(change)}@hotel.example`;
    const { User, Link } = await owner.ask("users/invite", { ...alice, Email });
    await owner.ask("users/update", { UserId: User.Id, ...change });
    await owner.ask("users/update", { UserId: User.Id, IsEnabled: true });
    refused(await browser().call("links/use", { Token: tokenOf(Link), Password: password }), 404);
  }
});

test("guessing links is stopped", async (t) => {
  const { browser } = await staffWorld(t);
  for (let time = 0; time < 20; time += 1) refused(await browser().call("links/get", { Token: `guess ${time}` }), 404);
  refused(await browser().call("links/get", { Token: "guess" }), 429);
  refused(await browser().call("links/use", { Token: "guess", Password: password }), 429);
});

test("where there is no owner, a link makes the first one, and only the newest does", async (t) => {
  const { store, clock, url, browser } = await staffWorld(t);
  const make = () => firstOwnerLink(store, clock, url);
  const older = tokenOf((await make()) ?? "");
  const Token = tokenOf((await make()) ?? "");
  const page = browser();
  refused(await page.call("links/get", { Token: older }), 404);
  assert.deepEqual(await page.ask("links/get", { Token }), { Purpose: "FirstOwner", Name: null, Email: null });
  const Password = password;
  refused(await page.call("links/use", { Token, Password }), 400, /Name is required/);
  refused(await page.call("links/use", { Token, Password, Name: "Olga", Email: "olga" }), 400, /@/);
  const { User, Properties } = await page.ask("links/use", { Token, Password, Name: "Olga", Email: "Olga@x.example" });
  assert.deepEqual([User.Name, User.Email, User.IsOwner], ["Olga", "olga@x.example", true]);
  assert.deepEqual(
    Properties.map(({ Name, Role }) => [Name, Role]),
    [
      ["Mountain", "Owner"],
      ["Seaside", "Owner"],
    ],
  );
  assert.equal(await make(), undefined);
  refused(await browser().call("links/use", { Token, Password, Name: "Eve", Email: "eve@x.example" }), 404);
});

test("a first owner's link is good no more once there is an owner, nor for somebody else's address", async (t) => {
  const { store, clock, url, browser, person } = await staffWorld(t);
  await person("Bob", { [seaside]: "Agent" });
  const Token = tokenOf((await firstOwnerLink(store, clock, url)) ?? "");
  const eve = { Token, Password: password, Name: "Eve", Email: "bob@hotel.example" };
  refused(await browser().call("links/use", eve), 400, /has this e-mail address already/);
  await person("Olga", "Owner");
  refused(await browser().call("links/use", { ...eve, Email: "eve@x.example" }), 404);
});
