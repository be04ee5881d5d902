import assert from "node:assert/strict";
import { test } from "node:test";
import { firstOwnerLink } from "../../src/administration/staff.ts";
import { innboxData, innboxHere, innboxJson, startServer } from "../support/server/process.ts";
import { newDatabase, startInstallation } from "../support/server/server.ts";
import { nobody } from "../support/server/world.ts";

interface Added {
  readonly Id: string;
  readonly Link: string | null;
}

const linkPattern = /^http:\/\/127\.0\.0\.1:8080\/inbox\/link#[\w-]{43}$/;

test("the operator adds people, and gets a link for each", async (t) => {
  const place = ["--database", newDatabase(t)];
  const owner = ["--email", "Olga@Hotel.example", "--name", "Olga", "--owner"];
  const { exitCode, stdout, stderr } = await innboxHere(["staff", "add", ...owner, ...place]);
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout.trim(), linkPattern);
  assert.ok(!stderr.includes(stdout.trim()), "a link is shown once");

  const hotel = await innboxData("enterprise", "add", "--name", "Grand Hotel", ...place);
  const spa = await innboxData("enterprise", "add", "--name", "Spa", ...place);
  const properties = ["--property", hotel, "--role", "manager", "--property", spa, "--role", "agent"];
  const jan = ["--email", "jan@hotel.example", "--name", "Jan", ...properties, "--url", "https://inbox.example/"];
  const { Id, Link } = await innboxJson<Added>("staff", "add", ...jan, ...place);
  assert.match(Link ?? "", /^https:\/\/inbox\.example\/inbox\/link#/);
  // Somebody who is known keeps their id.
  assert.equal((await innboxJson<Added>("staff", "add", ...jan, ...place)).Id, Id);

  const people = await innboxJson<Record<string, unknown>[]>("staff", "list", ...place);
  assert.deepEqual(
    people.map(({ Name, Email, IsOwner, HasPassword, IsEnabled }) => [Name, Email, IsOwner, HasPassword, IsEnabled]),
    [
      ["Olga", "olga@hotel.example", true, false, true],
      ["Jan", "jan@hotel.example", false, false, true],
    ],
  );
  assert.match(await innboxData("staff", "list", ...place), /^ID +NAME +E-MAIL +OWNER/);
});

test("the operator lets people in again and shuts them out, but for the last owner", async (t) => {
  const place = ["--database", newDatabase(t)];
  const add = (name: string) =>
    innboxJson<Added>("staff", "add", "--email", `${name}@x.example`, "--name", name, "--owner", ...place);
  await add("olga");
  const last = await innboxHere(["staff", "disable", "--email", "olga@x.example", ...place]);
  assert.deepEqual([last.exitCode, /always be an owner/.test(last.stderr)], [1, true]);
  const { Id } = await add("otto");
  assert.match(await innboxData("staff", "reset", "--id", Id, ...place), linkPattern);
  await innboxData("staff", "disable", "--email", " Olga@X.example ", ...place);
  const refused = await innboxHere(["staff", "reset", "--email", "olga@x.example", ...place]);
  assert.deepEqual([refused.exitCode, /innbox staff enable/.test(refused.stderr)], [1, true]);
  await innboxData("staff", "enable", "--email", "olga@x.example", ...place);
  assert.match(await innboxData("staff", "reset", "--email", "olga@x.example", ...place), linkPattern);
});

test("the operator sees the unused links, and revokes them", async (t) => {
  const place = ["--database", newDatabase(t)];
  const { stderr } = await innboxHere(["staff", "link", "list", ...place]);
  assert.match(stderr, /There is no database/);
  const { Link } = await innboxJson<Added>(
    "staff",
    "add",
    "--email",
    "olga@x.example",
    "--name",
    "Olga",
    "--owner",
    ...place,
  );
  const links = () => innboxJson<Record<string, unknown>[]>("staff", "link", "list", ...place);
  const [link] = await links();
  const { Id, ExpiresUtc, ...rest } = link ?? {};
  assert.deepEqual(rest, {
    Purpose: "Invitation",
    UserName: "Olga",
    UserEmail: "olga@x.example",
    MakerName: null,
    IsGood: true,
  });
  assert.match(String(ExpiresUtc), /^\d{4}-\d\d-\d\dT/);
  const shown = await innboxData("staff", "link", "list", ...place);
  assert.match(shown, /^ID +PURPOSE +FOR +E-MAIL +MADE BY +GOOD +EXPIRES/);
  assert.ok(!shown.includes(Link?.split("#")[1] ?? Link ?? ""), "the secret is not told");
  await innboxData("staff", "link", "revoke", "--id", String(Id), ...place);
  assert.deepEqual(await links(), []);
  const again = await innboxHere(["staff", "link", "revoke", "--id", String(Id), ...place]);
  assert.deepEqual([again.exitCode, /no open link/.test(again.stderr)], [1, true]);
  const help = await innboxHere(["staff", "link"]);
  assert.deepEqual([help.exitCode, /^ {2}revoke /m.test(help.stdout)], [0, true]);
});

const someone = ["--email", "a@x.example", "--name", "A"];

for (const [args, code, message] of [
  [["add", "--name", "A", "--owner"], 2, /--email/],
  [["add", ...someone], 2, /--owner or --property/],
  [["add", ...someone, "--property", "x"], 2, /must be a UUID/],
  [["add", ...someone, "--property", nobody, "--role", "boss"], 2, /agent or manager/],
  [["add", ...someone, "--property", nobody, "--property", nobody], 2, /twice/],
  [["add", ...someone, "--owner", "--role", "agent"], 2, /one --role for each/],
  [["add", ...someone, "--owner", "--url", "inbox.example"], 2, /--url must be an address/],
  [["add", ...someone, "--property", nobody], 1, /There is no enterprise/],
  [["add", "--email", "a", "--name", "A", "--owner"], 1, /must have an @/],
  [["reset", "--email", "a@x.example", "--id", nobody], 2, /one of the two/],
  [["reset"], 2, /one of the two/],
  [["disable", "--email", "b@x.example"], 1, /nobody like that/],
] as const) {
  test(`innbox staff ${args.join(" ")} is refused with a sentence`, async (t) => {
    const place = ["--database", newDatabase(t)];
    await innboxData("enterprise", "add", "--name", "Grand Hotel", ...place);
    const { exitCode, stdout, stderr } = await innboxHere(["staff", ...args, ...place]);
    assert.deepEqual([exitCode, stdout], [code, ""]);
    assert.match(stderr, message);
  });
}

test("serve prints a link for the first owner until somebody has used it", async (t) => {
  const database = newDatabase(t);
  const first = await startServer(t, "serve", database);
  const link = await first.noted(/http:\S+\/inbox\/link#[\w-]{43}/);
  assert.ok(link.startsWith(`${first.url}/inbox/link#`));
  assert.ok(!first.stdout().includes("link#"), "a link is not in the log");
  const owner = { Password: "correct horse battery", Name: "Olga", Email: "olga@x.example" };
  const answer = await fetch(`${first.url}/api/staff/v1/links/use`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ Token: link.slice(link.indexOf("#") + 1), ...owner }),
  });
  assert.equal(answer.status, 200);
  first.child.kill("SIGTERM");
  await first.ended;
  const { store, clock, url } = await startInstallation(t, database);
  assert.equal(await firstOwnerLink(store, clock, url), undefined);
});
