import assert from "node:assert/strict";
import { test } from "node:test";
import { firstOwnerLink } from "../../src/administration/staff.ts";
import { password, refused, seaside, staffWorld, tokenOf } from "../support/server/staff.ts";

test("a person may not change to a common password, or to one of their own names", async (t) => {
  const { person } = await staffWorld(t);
  const alice = await person("Alice", { [seaside]: "Agent" });
  for (const NewPassword of ["password123", "Alice-2026-2026", "alice@hotel.example", "Seaside 2026"]) {
    const answer = await alice.call("password/change", { OldPassword: password, NewPassword });
    refused(answer, 400, /^NewPassword is .+ choose one that .+\.$/);
  }
  await alice.ask("session/start", { Email: alice.email, Password: password });
});

test("a link sets no common password, and none of the person's names, and stays good", async (t) => {
  const { person, browser } = await staffWorld(t);
  const owner = await person("Olga", "Owner");
  const memberships = [{ EnterpriseId: seaside, Role: "Agent" }];
  const { Link } = await owner.ask("users/invite", { Name: "Ann", Email: "ann.b@x.example", Memberships: memberships });
  const Token = tokenOf(Link);
  for (const Password of ["qwertyuiop", "Ann-Seaside-1", "ann.b@x.example"]) {
    refused(await browser().call("links/use", { Token, Password }), 400, /^Password is .+\.$/);
  }
  const renamed = { Token, Password: "Rosalinde 1", Name: "Rosalinde" };
  refused(await browser().call("links/use", renamed), 400, /^Password is made of your name/);
  await browser().ask("links/use", { Token, Password: password, Name: "Rosalinde" });
});

test("the first owner may not choose a property's name either", async (t) => {
  const { store, clock, url, browser } = await staffWorld(t);
  const Token = tokenOf((await firstOwnerLink({ db: store.db }, clock, url)) ?? "");
  const olga = { Token, Name: "Olga", Email: "olga@x.example" };
  for (const Password of ["Mountain 2026", "olga@x.example"]) {
    refused(await browser().call("links/use", { ...olga, Password }), 400, /^Password is made of your name/);
  }
  const { User } = await browser().ask("links/use", { ...olga, Password: password });
  assert.equal(User.IsOwner, true);
});
