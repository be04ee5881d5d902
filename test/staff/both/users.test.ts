import assert from "node:assert/strict";
import { test } from "node:test";
import {
  closed,
  mountain,
  password,
  refused,
  type StaffWorld,
  seaside,
  staffWorld,
  tokenOf,
} from "../../support/server/staff.ts";
import { nobody } from "../../support/server/world.ts";

const at = (EnterpriseId: string, Role: "Agent" | "Manager" = "Agent") => ({ EnterpriseId, Role });

/** An owner, a manager of one property, and somebody who works elsewhere, at both, and there. */
async function team({ person }: StaffWorld) {
  return {
    owner: await person("Olga", "Owner"),
    manager: await person("Max", { [seaside]: "Manager", [mountain]: "Agent" }),
    here: await person("Hana", { [seaside]: "Agent" }),
    both: await person("Bela", { [seaside]: "Agent", [mountain]: "Agent" }),
    elsewhere: await person("Eli", { [mountain]: "Manager" }),
  };
}

test("a manager sees the people of the own properties, and an owner everybody", async (t) => {
  const { owner, manager, here, elsewhere } = await team(await staffWorld(t));
  const seen = async (page: typeof owner) =>
    (await page.ask("users/getAll")).Users.map(({ Name, Memberships }) => [Name, Memberships.length]);
  assert.deepEqual(await seen(owner), [
    ["Bela", 2],
    ["Eli", 1],
    ["Hana", 1],
    ["Max", 2],
    ["Olga", 0],
  ]);
  // Not even where else they work.
  assert.deepEqual(await seen(manager), [
    ["Bela", 1],
    ["Hana", 1],
    ["Max", 1],
  ]);
  assert.deepEqual(await seen(elsewhere), [
    ["Bela", 1],
    ["Eli", 1],
    ["Max", 1],
  ]);
  refused(await here.call("users/getAll"), 403);
});

test("agents may do nothing about people or settings, and are told so before what they send is looked at", async (t) => {
  const { here } = await team(await staffWorld(t));
  for (const operation of ["users/getAll", "users/invite", "users/reset", "memberships/set", "users/update"]) {
    refused(await here.call(operation, { UserId: 1 }), 403, /You may not do this/);
  }
  refused(await here.call("properties/update", {}), 403);
  refused(await here.call("savedReplies/set", {}), 403);
});

test("a manager invites people to the own properties, and to no other", async (t) => {
  const world = await staffWorld(t);
  const { manager } = await team(world);
  const carol = { Name: "Carol", Email: "carol@hotel.example" };
  for (const property of [mountain, closed, nobody]) {
    const Memberships = [at(seaside), at(property)];
    refused(await manager.call("users/invite", { ...carol, Memberships }), 403, /do not work at this property/);
  }
  refused(await manager.call("users/invite", { ...carol, Memberships: [] }), 400, /must name a property/);
  const owning = { ...carol, Memberships: [at(seaside)], IsOwner: true };
  refused(await manager.call("users/invite", owning), 403, /Only an owner/);
  const { User, Link } = await manager.ask("users/invite", { ...carol, Memberships: [at(seaside, "Manager")] });
  assert.deepEqual(User.Memberships, [at(seaside, "Manager")]);
  const page = await world.accept(Link);
  assert.deepEqual(
    (await page.ask("session/get")).Properties.map(({ Name, Role }) => [Name, Role]),
    [["Seaside", "Manager"]],
  );
});

test("somebody who is known gets a further property without a link, and keeps name and password", async (t) => {
  const { manager, elsewhere } = await team(await staffWorld(t));
  const eli = { Name: "Other", Email: "ELI@hotel.example", Memberships: [at(seaside)] };
  const { User, Link } = await manager.ask("users/invite", eli);
  assert.deepEqual([User.Name, User.Memberships, Link], ["Eli", [at(seaside)], null]);
  assert.deepEqual(
    (await elsewhere.ask("session/get")).Properties.map(({ Name, Role }) => [Name, Role]),
    [
      ["Mountain", "Manager"],
      ["Seaside", "Agent"],
    ],
  );
});

test("no manager gets at somebody else's account by inviting or helping them", async (t) => {
  const world = await staffWorld(t);
  const { owner, manager, both, elsewhere } = await team(world);
  const Memberships = [at(seaside)];
  const invite = (Email: string) => manager.call("users/invite", { Name: "X", Email, Memberships });
  // An owner, and who is yet to become one.
  refused(await invite(owner.email), 403, /Only an owner/);
  const future = { Name: "Fred", Email: "fred@hotel.example" };
  await owner.ask("users/invite", { ...future, IsOwner: true, Memberships: [] });
  refused(await invite(future.Email), 403, /Only an owner/);
  // A person with the link for another property would work here too, and the other way round.
  const gina = "gina@hotel.example";
  await elsewhere.ask("users/invite", { Name: "Gina", Email: gina, Memberships: [at(mountain)] });
  refused(await invite(gina), 400, /invited elsewhere/);

  refused(await manager.call("users/reset", { UserId: both.id }), 403, /also work elsewhere/);
  refused(await manager.call("users/reset", { UserId: elsewhere.id }), 404, /nobody with this UserId/);
  refused(await manager.call("users/reset", { UserId: owner.id }), 404);
  refused(await manager.call("users/reset", { UserId: nobody }), 404);
  refused(await manager.call("users/reset", { UserId: manager.id }), 400, /own password/);
  await owner.ask("memberships/set", { UserId: owner.id, ...at(seaside) });
  refused(await manager.call("users/reset", { UserId: owner.id }), 403, /Only an owner/);
  await owner.ask("users/reset", { UserId: both.id });
});

test("a manager helps those whose every property is theirs", async (t) => {
  const { manager, here } = await team(await staffWorld(t));
  const { Link } = await manager.ask("users/reset", { UserId: here.id });
  assert.match(Link, /#/);
});

test("the maker of a link gets none of the rights that its person is given later", async (t) => {
  const world = await staffWorld(t);
  const { owner, manager, here } = await team(world);
  const links = async () => (await manager.ask("users/reset", { UserId: here.id })).Link;
  const [invited, promoted] = [await links(), await links()];
  await owner.ask("users/invite", { Name: "Here", Email: here.email, Memberships: [at(mountain, "Manager")] });
  for (const link of [invited, promoted]) {
    refused(await world.browser().call("links/use", { Token: tokenOf(link), Password: password }), 404);
  }
});

test("a manager changes roles at the own properties alone, and none of owners or strangers", async (t) => {
  const { owner, manager, here, both, elsewhere } = await team(await staffWorld(t));
  const set = (UserId: string, EnterpriseId: string, Role: string | null) =>
    manager.call("memberships/set", { UserId, EnterpriseId, Role });
  refused(await set(here.id, mountain, "Agent"), 403);
  refused(await set(both.id, mountain, null), 403);
  refused(await set(both.id, closed, "Agent"), 403);
  refused(await set(elsewhere.id, seaside, "Agent"), 404);
  await owner.ask("memberships/set", { UserId: owner.id, ...at(seaside) });
  refused(await set(owner.id, seaside, null), 403);
  refused(await set(here.id, seaside, "Owner"), 400);
  const { body } = await set(both.id, seaside.toUpperCase(), "Manager");
  assert.deepEqual(body.User.Memberships, [at(seaside, "Manager")]);
  assert.deepEqual(
    (await both.ask("session/get")).Properties.map(({ Role }) => Role),
    ["Agent", "Manager"],
  );
  refused(await manager.call("users/update", { UserId: here.id, Name: "X" }), 403);
});

test("a right that is taken away is gone with the next request, and the last one ends the sessions", async (t) => {
  const { owner, both, here } = await team(await staffWorld(t));
  await owner.ask("memberships/set", { UserId: both.id, EnterpriseId: seaside, Role: null });
  refused(await both.call("savedReplies/getAll", { EnterpriseIds: [seaside] }), 403);
  await both.ask("savedReplies/getAll", { EnterpriseIds: [mountain] });
  await owner.ask("memberships/set", { UserId: here.id, EnterpriseId: seaside, Role: null });
  refused(await here.call("session/get"), 401);
});

test("a disabled person is signed out at once, and may use the old password once enabled again", async (t) => {
  const { browser, ...world } = await staffWorld(t);
  const { owner, here } = await team({ browser, ...world });
  const { User } = await owner.ask("users/update", { UserId: here.id, IsEnabled: false });
  assert.equal(User.IsEnabled, false);
  refused(await here.call("session/get"), 401);
  refused(await owner.call("users/reset", { UserId: here.id }), 400, /disabled/);
  refused(
    await owner.call("users/invite", { Name: "H", Email: here.email, Memberships: [at(mountain)] }),
    400,
    /disabled/,
  );
  await owner.ask("users/update", { UserId: here.id, IsEnabled: true, Name: " Hanka " });
  refused(await here.call("session/get"), 401);
  const page = browser();
  await page.ask("session/start", { Email: here.email, Password: password });
  assert.equal((await page.ask("session/get")).User.Name, "Hanka");
});

test("the last owner who is enabled stays one, even when two give up at the same time", async (t) => {
  const world = await staffWorld(t);
  const { owner, here } = await team(world);
  for (const change of [{ IsEnabled: false }, { IsOwner: false }]) {
    refused(await owner.call("users/update", { UserId: owner.id, ...change }), 400, /always be an owner/);
  }
  await owner.ask("users/update", { UserId: here.id, IsOwner: true, IsEnabled: false });
  refused(await owner.call("users/update", { UserId: owner.id, IsOwner: false }), 400, /always be an owner/);
  await owner.ask("users/update", { UserId: here.id, IsEnabled: true });
  await here.ask("session/start", { Email: here.email, Password: password });
  const answers = await Promise.all([
    owner.call("users/update", { UserId: owner.id, IsOwner: false }),
    here.call("users/update", { UserId: here.id, IsOwner: false }),
  ]);
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 400]);
});

test("two managers who invite the same person at once add one", async (t) => {
  const world = await staffWorld(t);
  const { owner } = await team(world);
  const invite = (EnterpriseId: string) =>
    owner.ask("users/invite", { Name: "Carol", Email: "carol@hotel.example", Memberships: [at(EnterpriseId)] });
  const [one, other] = await Promise.all([invite(seaside), invite(mountain)]);
  assert.equal(one.User.Id, other.User.Id);
  const { Users } = await owner.ask("users/getAll");
  assert.deepEqual(Users.find(({ Name }) => Name === "Carol")?.Memberships.length, 2);
  const statuses = await Promise.all(
    [one, other].map(async ({ Link }) => (await world.browser().call("links/get", { Token: tokenOf(Link) })).status),
  );
  assert.deepEqual(statuses.toSorted(), [200, 404]);
});

test("a manager settles the reply target of the own property, and everybody there sees it", async (t) => {
  const { manager, here, owner } = await team(await staffWorld(t));
  const update = { EnterpriseId: seaside.toUpperCase(), ReplyTargetMinutes: 30 };
  await owner.ask("session/get");
  const { Properties } = await manager.ask("properties/update", update);
  assert.deepEqual(
    Properties.map(({ Name, ReplyTargetMinutes }) => [Name, ReplyTargetMinutes]),
    [
      ["Mountain", 15],
      ["Seaside", 30],
    ],
  );
  for (const page of [here, owner]) {
    const { Properties } = await page.ask("session/get");
    assert.equal(Properties.find(({ Id }) => Id === seaside)?.ReplyTargetMinutes, 30);
  }
  refused(await manager.call("properties/update", { ...update, EnterpriseId: mountain }), 403);
  refused(await manager.call("properties/update", { ...update, ReplyTargetMinutes: 0 }), 400);
});

test("saved replies are each property's own: its people read them, and its managers write them", async (t) => {
  const { owner, manager, here, elsewhere } = await team(await staffWorld(t));
  const late = { EnterpriseId: seaside, Shortcut: " /late ", LanguageCode: "pt-br", Text: "Olá {guest}" };
  const { SavedReply } = await manager.ask("savedReplies/set", late);
  const { Id } = SavedReply;
  assert.deepEqual(SavedReply, { Id, EnterpriseId: seaside, Shortcut: "late", LanguageCode: "pt-BR", Text: late.Text });
  const changed = await manager.ask("savedReplies/set", { ...late, Shortcut: "late", Text: "Boa noite" });
  assert.deepEqual(changed.SavedReply, { ...SavedReply, Text: "Boa noite" });
  const english = await owner.ask("savedReplies/set", { ...late, LanguageCode: "en", Text: "Hello" });
  assert.deepEqual((await here.ask("savedReplies/getAll")).SavedReplies, [english.SavedReply, changed.SavedReply]);
  assert.deepEqual((await elsewhere.ask("savedReplies/getAll")).SavedReplies, []);
  assert.deepEqual((await manager.ask("savedReplies/getAll", { EnterpriseIds: [mountain] })).SavedReplies, []);
  refused(await elsewhere.call("savedReplies/getAll", { EnterpriseIds: [seaside] }), 403);

  refused(await here.call("savedReplies/set", late), 403);
  refused(await manager.call("savedReplies/set", { ...late, EnterpriseId: mountain }), 403);
  refused(await manager.call("savedReplies/set", { ...late, Shortcut: "two words" }), 400, /one word/);
  refused(await manager.call("savedReplies/set", { ...late, LanguageCode: "Czech!" }), 400, /language code/);

  const SavedReplyId = Id;
  refused(await elsewhere.call("savedReplies/delete", { EnterpriseId: seaside, SavedReplyId }), 403);
  await elsewhere.ask("savedReplies/delete", { EnterpriseId: mountain, SavedReplyId });
  assert.equal((await here.ask("savedReplies/getAll")).SavedReplies.length, 2);
  for (let time = 0; time < 2; time += 1) {
    await manager.ask("savedReplies/delete", { EnterpriseId: seaside, SavedReplyId });
  }
  assert.deepEqual((await here.ask("savedReplies/getAll")).SavedReplies, [english.SavedReply]);
});
