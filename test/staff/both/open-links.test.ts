import assert from "node:assert/strict";
import { test } from "node:test";
import type { StaffLink } from "../../../src/protocol/staff/links.ts";
import {
  type Browser,
  day,
  mountain,
  password,
  refused,
  seaside,
  staffWorld,
  tokenOf,
} from "../../support/server/staff.ts";

function invitation(name: string, property = seaside) {
  return {
    Name: name,
    Email: `${name.toLowerCase()}@hotel.example`,
    Memberships: [{ EnterpriseId: property, Role: "Agent" }],
  };
}

async function linksSeenBy(browser: Browser): Promise<readonly StaffLink[]> {
  return (await browser.ask<{ readonly Links: readonly StaffLink[] }>("links/getAll")).Links;
}

const names = (links: readonly StaffLink[]) => links.map(({ UserName }) => UserName);

for (const [loss, change] of [
  ["is disabled", { operation: "users/update", input: { IsEnabled: false } }],
  ["is a manager no more", { operation: "memberships/set", input: { EnterpriseId: seaside, Role: "Agent" } }],
  ["does not work there any more", { operation: "memberships/set", input: { EnterpriseId: seaside, Role: null } }],
] as const) {
  test(`the links of a manager who ${loss} no longer work, and are shown as such`, async (t) => {
    const { person, browser } = await staffWorld(t);
    const owner = await person("Olga", "Owner");
    const manager = await person("Max", { [seaside]: "Manager", [mountain]: "Manager" });
    const bob = await person("Bob", { [seaside]: "Agent" });
    const invited = tokenOf((await manager.ask("users/invite", invitation("Alice"))).Link);
    const reset = tokenOf((await manager.ask("users/reset", { UserId: bob.id })).Link);
    const elsewhere = tokenOf((await manager.ask("users/invite", invitation("Mona", mountain))).Link);
    assert.deepEqual(
      (await linksSeenBy(owner)).map(({ IsGood }) => IsGood),
      [true, true, true],
    );
    await owner.ask(change.operation, { UserId: manager.id, ...change.input });
    for (const Token of [invited, reset]) {
      refused(await browser().call("links/get", { Token }), 404, /may not let you in any more/);
      refused(await browser().call("links/use", { Token, Password: password }), 404, /may not let you in any more/);
    }
    const goodElsewhere = change.operation === "memberships/set";
    assert.equal((await browser().call("links/get", { Token: elsewhere })).status, goodElsewhere ? 200 : 404);
    assert.deepEqual((await linksSeenBy(owner)).map(({ UserName, IsGood }) => [UserName, IsGood]).toSorted(), [
      ["Alice", false],
      ["Bob", false],
      ["Mona", goodElsewhere],
    ]);
    // Another one helps.
    const again = tokenOf((await owner.ask("users/reset", { UserId: bob.id })).Link);
    await browser().ask("links/use", { Token: again, Password: password });
  });
}

test("the links of an owner who is one no more no longer work", async (t) => {
  const { person, browser } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const other = await person("Otto", "Owner");
  const Token = tokenOf((await other.ask("users/invite", invitation("Alice"))).Link);
  await owner.ask("users/update", { UserId: other.id, IsOwner: false });
  refused(await browser().call("links/use", { Token, Password: password }), 404, /may not let you in any more/);
});

test("a link does not work when its maker is disabled while it is being used", async (t) => {
  let beforeTransaction: (() => Promise<unknown>) | undefined;
  const { person, browser } = await staffWorld(t, {}, (db) => ({
    ...db,
    until: (deadline) => {
      const bound = db.until(deadline);
      const transaction: typeof bound.transaction = async (work) => {
        const first = beforeTransaction;
        beforeTransaction = undefined;
        await first?.();
        return bound.transaction(work);
      };
      return { ...bound, transaction };
    },
  }));
  const owner = await person("Olga", "Owner");
  const manager = await person("Max", { [seaside]: "Manager" });
  const Token = tokenOf((await manager.ask("users/invite", invitation("Alice"))).Link);
  const isDisabled = Promise.withResolvers<void>();
  beforeTransaction = async () => {
    await owner.ask("users/update", { UserId: manager.id, IsEnabled: false });
    isDisabled.resolve();
  };
  const answer = await browser().call("links/use", { Token, Password: password });
  await isDisabled.promise;
  refused(answer, 404, /may not let you in any more/);
});

test("owners see every open link, managers those that they may make, and agents none", async (t) => {
  const { person, browser, at } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const manager = await person("Max", { [seaside]: "Manager" });
  const both = await person("Both", { [seaside]: "Agent", [mountain]: "Agent" });
  const agent = await person("Bob", { [seaside]: "Agent" });
  const { Link } = await manager.ask("users/invite", invitation("Alice"));
  await owner.ask("users/invite", invitation("Mona", mountain));
  for (const { id } of [both, agent]) await owner.ask("users/reset", { UserId: id });
  const all = await linksSeenBy(owner);
  assert.deepEqual(names(all).toSorted(), ["Alice", "Bob", "Both", "Mona"]);
  const [alice] = all.filter(({ UserName }) => UserName === "Alice");
  assert.deepEqual(
    { ...alice, Id: "", UserId: "" },
    {
      Id: "",
      Purpose: "Invitation",
      UserId: "",
      UserName: "Alice",
      UserEmail: "alice@hotel.example",
      MakerId: manager.id,
      MakerName: "Max",
      IsGood: true,
      CreatedUtc: "2026-05-05T10:00:00Z",
      ExpiresUtc: "2026-05-12T10:00:00Z",
    },
  );
  assert.ok(!JSON.stringify(all).includes(tokenOf(Link)), "the secret is not told");
  refused(await browser().call("links/get", { Token: alice?.Id }), 404);
  assert.deepEqual(names(await linksSeenBy(manager)).toSorted(), ["Alice", "Bob"]);
  refused(await agent.call("links/getAll"), 403);
  at(day);
  assert.deepEqual(names(await linksSeenBy(await person("Otto", "Owner"))).toSorted(), ["Alice", "Mona"]);
});

test("a link that is revoked no longer works, and is gone from the list", async (t) => {
  const { person, browser } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const manager = await person("Max", { [seaside]: "Manager" });
  const Token = tokenOf((await owner.ask("users/invite", invitation("Alice"))).Link);
  const other = tokenOf((await owner.ask("users/invite", invitation("Mona", mountain))).Link);
  const idOf = async (name: string) => (await linksSeenBy(owner)).find(({ UserName }) => UserName === name)?.Id ?? "";
  const elsewhere = await idOf("Mona");
  refused(await manager.call("links/revoke", { LinkId: elsewhere }), 404, /no open link/);
  const LinkId = await idOf("Alice");
  assert.deepEqual(await manager.ask("links/revoke", { LinkId: LinkId.toUpperCase() }), {});
  refused(await browser().call("links/use", { Token, Password: password }), 404);
  refused(await manager.call("links/revoke", { LinkId }), 404, /no open link/);
  assert.deepEqual(names(await linksSeenBy(owner)), ["Mona"]);
  await browser().ask("links/use", { Token: other, Password: password });
});
