import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startReceiver } from "../support/delivery/receiver.ts";
import { addPartner } from "../support/server/partners.ts";
import { innboxData, innboxHere, innboxJson } from "../support/server/process.ts";
import { newDatabase, startSandbox } from "../support/server/server.ts";
import { nobody } from "../support/server/world.ts";

interface Listed {
  readonly Id: string;
  readonly Client: string;
  readonly Kind: string;
  readonly State: string;
  readonly AttemptCount: number;
  readonly LastStatus: number | string | null;
  readonly NextAttemptUtc: string | null;
  readonly CreatedUtc: string;
}

interface Shown extends Listed {
  readonly EnterpriseId: string;
  readonly IntegrationId: string;
  readonly RequestBody: { readonly Action?: string; readonly Data?: Readonly<Record<string, unknown>> };
  readonly Attempts: readonly {
    readonly Number: number;
    readonly StartedUtc: string;
    readonly Milliseconds: number;
    readonly Status: number | null;
    readonly Error: string | null;
    readonly RequestHeaders: Readonly<Record<string, string>>;
    readonly ResponseHeaders: Readonly<Record<string, string>> | null;
    readonly ResponseBody: string | null;
  }[];
}

const daysAgo = (days: number) => (Date.now() - days * 86_400_000) * 1000;

/** A sandbox that lives some days ago, with a partner, and commands that live now. */
async function fourDaysAgo(t: TestContext) {
  let now = daysAgo(4);
  const receiver = await startReceiver(t, () => 500);
  const server = await startSandbox(t, {}, { clock: () => now, random: () => 0 });
  const partner = await addPartner(server);
  const endpoint = await partner.hearAt(`${receiver.url}/hook`);
  const place = ["--database", server.database];
  const at = (microseconds: number) => {
    now = microseconds;
    server.app.wake();
  };

  /** Sends a message that the receiver refuses until it is given up. Answers the delivery's id. */
  async function giveUp(): Promise<string> {
    await partner.write();
    let { delivery } = await partner.attempted(endpoint);
    while (delivery.state === "waiting") {
      at(delivery.due);
      ({ delivery } = await partner.attempted(endpoint, delivery.attempts + 1));
    }
    return delivery.id;
  }
  const list = (...args: string[]) => innboxJson<Listed[]>("webhook", "deliveries", ...args, ...place);
  const show = async (id: string) => JSON.parse(await innboxData("webhook", "deliveries", id, ...place)) as Shown;
  return { ...partner, ...server, receiver, endpoint, place, at, giveUp, list, show };
}

test("deliveries are listed newest first, with how they went, to people as a table and to machines as JSON", async (t) => {
  const { write, attempted, endpoint, receiver, place, list, giveUp } = await fourDaysAgo(t);
  const failed = await giveUp();
  receiver.respond(() => 204);
  await write();
  const delivered = (await attempted(endpoint)).delivery.id;
  receiver.respond(() => 503);
  await write();
  const waiting = (await attempted(endpoint)).delivery;
  const rows = await list();
  assert.deepEqual(
    rows.map(({ CreatedUtc, NextAttemptUtc, ...row }) => row),
    [
      { Id: waiting.id, Client: "Bot", Kind: "general", State: "waiting", AttemptCount: 1, LastStatus: 503 },
      { Id: delivered, Client: "Bot", Kind: "general", State: "delivered", AttemptCount: 1, LastStatus: 204 },
      { Id: failed, Client: "Bot", Kind: "general", State: "failed", AttemptCount: 10, LastStatus: 500 },
    ],
  );
  const due = new Date(waiting.due / 1000).toISOString().replace(/\.\d+/, "");
  assert.deepEqual(
    rows.map(({ NextAttemptUtc }) => NextAttemptUtc),
    [due, null, null],
  );

  const { exitCode, stdout } = await innboxHere(["webhook", "deliveries", ...place]);
  const [headings, ...lines] = stdout.trimEnd().split("\n");
  assert.equal(exitCode, 0);
  assert.match(headings ?? "", /^ID +CLIENT +KIND +STATE +ATTEMPTS +LAST +NEXT ATTEMPT +CREATED$/);
  assert.deepEqual(
    lines.map((line) => line.split(" ")[0]),
    [waiting.id, delivered, failed],
  );
  assert.match(lines[2] ?? "", /Bot +general +failed +10 +500 +- +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

  assert.deepEqual(
    (await list("--failed")).map(({ Id }) => Id),
    [failed],
  );
  assert.deepEqual(
    (await list("--limit", "2")).map(({ Id }) => Id),
    [waiting.id, delivered],
  );

  await innboxData("webhook", "disable", endpoint, ...place);
  const [paused] = await list("--limit", "1");
  assert.deepEqual([paused?.State, paused?.NextAttemptUtc], ["waiting", null], "nothing is next while it is disabled");
});

test("--since leaves out what was made before, counted from now or from a date-time", async (t) => {
  const { giveUp, write, attempted, endpoint, at, list } = await fourDaysAgo(t);
  const old = await giveUp();
  at(daysAgo(0.3));
  await write();
  const recent = (await attempted(endpoint)).delivery.id;
  const since = async (...args: string[]) => (await list("--since", ...args)).map(({ Id }) => Id);
  assert.deepEqual(await since("5d"), [recent, old]);
  assert.deepEqual(await since("24h"), [recent]);
  assert.deepEqual(await since("1h"), []);
  assert.deepEqual(await since("5d", "--failed"), [old]);
  assert.deepEqual(await since("24h", "--failed"), []);
  assert.deepEqual(await since(new Date(Date.now() - 5 * 86_400_000).toISOString()), [recent, old]);
  assert.deepEqual(await since(new Date(Date.now() - 86_400_000).toISOString()), [recent]);
});

test("one delivery is shown with every attempt, headers and bodies both ways", async (t) => {
  const { integrationId, receiver, endpoint, write, attempted, at, show, database } = await fourDaysAgo(t);
  const answer = (status: number, text: string) =>
    receiver.respond((_, response) => {
      response.writeHead(status, { "X-Receiver": "Bot" }).end(text);
      return undefined;
    });
  answer(500, "Not now");
  await write();
  const { delivery } = await attempted(endpoint);
  answer(200, "Thanks");
  at(delivery.due);
  await attempted(endpoint, 2);

  const shown = await show(delivery.id);
  const byFlag = await innboxHere(["webhook", "deliveries", "--id", delivery.id, "--json", "--database", database]);
  assert.deepEqual(JSON.parse(byFlag.stdout), shown);
  const [first, second] = receiver.received;
  assert.deepEqual(shown.RequestBody, JSON.parse(first?.text ?? ""));
  assert.deepEqual([shown.Id, shown.State, shown.IntegrationId], [delivery.id, "delivered", integrationId]);
  assert.deepEqual(
    shown.Attempts.map((one) => [one.Number, one.Status, one.Error, one.ResponseBody]),
    [
      [1, 500, "It answered 500.", "Not now"],
      [2, 200, null, "Thanks"],
    ],
  );
  for (const [index, received] of [first, second].entries()) {
    const attempt = shown.Attempts[index];
    assert.ok(attempt);
    const { RequestHeaders, ResponseHeaders, Milliseconds, StartedUtc } = attempt;
    for (const [name, value] of Object.entries(RequestHeaders)) assert.equal(received?.headers[name], value);
    assert.equal(RequestHeaders["webhook-id"], delivery.id);
    assert.equal(ResponseHeaders?.["x-receiver"], "Bot");
    assert.ok(Milliseconds > 0 && Milliseconds < 5000);
    assert.equal(Date.parse(StartedUtc) / 1000, Number(RequestHeaders["webhook-timestamp"]));
  }
});

for (const [name, add, property] of [
  [
    "a new integration",
    (client: string, enterprise: string) => ["add", "--client", client, "--enterprise", enterprise],
    "AccessToken",
  ],
  ["a rotation", (_client: string, _enterprise: string, id: string) => ["rotate-token", "--id", id], "ApiKey"],
] as const) {
  test(`the access token of ${name} is never shown, not even where the receiver sent it back`, async (t) => {
    const { clientId, integrationId, receiver, place, at, list, show, ...server } = await fourDaysAgo(t);
    const [enterprise] = await innboxJson<{ Id: string }[]>("enterprise", "list", ...place);
    receiver.respond(({ text }, response) => {
      response.writeHead(200, { "X-Echo": text }).end(text);
      return undefined;
    });
    const set = ["--client", clientId, "--kind", "integration", "--url", receiver.url];
    await innboxData("webhook", "set", ...set, ...place);
    const { AccessToken } = await innboxJson<{ AccessToken: string }>(
      "integration",
      ...add(clientId, enterprise?.Id ?? "", integrationId),
      ...place,
    );
    at(daysAgo(-0.01));
    const [received] = await receiver.requests(1);
    assert.ok(received?.text.includes(AccessToken));
    await server.app.settled();
    const [delivery] = await list();
    const shown = await show(delivery?.Id ?? "");
    assert.equal(shown.RequestBody.Data?.[property], "(hidden)");
    assert.match(shown.Attempts[0]?.ResponseBody ?? "", /\(hidden\)/);
    assert.match(shown.Attempts[0]?.ResponseHeaders?.["x-echo"] ?? "", /\(hidden\)/);
    assert.ok(!JSON.stringify(shown).includes(AccessToken));
  });
}

test("a delivery that is sent again has the same id and body, and the whole schedule before it", async (t) => {
  const { giveUp, receiver, place, at, endpoint, attempted, show } = await fourDaysAgo(t);
  const id = await giveUp();
  const resent = await innboxHere(["webhook", "resend", id, ...place]);
  assert.deepEqual([resent.exitCode, resent.stdout, resent.stderr], [0, "", "One delivery will be sent again.\n"]);
  at(daysAgo(-0.01));
  const { delivery } = await attempted(endpoint, 11);
  assert.deepEqual([delivery.state, delivery.failures], ["waiting", 1]);
  receiver.respond(() => 200);
  at(delivery.due);
  await attempted(endpoint, 12);
  const shown = await show(id);
  assert.deepEqual([shown.State, shown.Attempts.length], ["delivered", 12]);
  assert.equal(new Set(receiver.received.map(({ text }) => text)).size, 1);
  assert.deepEqual(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])), new Set([id]));
});

test("resend --failed sends what was given up since then, and nothing else", async (t) => {
  const { giveUp, receiver, place, at, list } = await fourDaysAgo(t);
  const failed = [await giveUp()];
  receiver.respond(() => 200);
  const resend = async (...args: string[]) => (await innboxHere(["webhook", "resend", ...args, ...place])).stderr;
  assert.equal(await resend("--failed", "--since", "1h"), "0 deliveries will be sent again.\n");
  assert.equal(await resend("--failed", "--since", "5d"), "One delivery will be sent again.\n");
  const count = receiver.received.length;
  at(daysAgo(-0.01));
  const received = await receiver.requests(count + 1);
  assert.equal(received.at(-1)?.headers["webhook-id"], failed[0]);
  assert.equal(await resend("--failed"), "0 deliveries will be sent again.\n");
  assert.deepEqual(await list("--failed"), []);
});

const mistakes: [args: string, hint: RegExp][] = [
  ["deliveries --since yesterday", /^--since must be a time ago as in 2h or 7d, or a date-time, not "yesterday"\.\n/],
  ["deliveries --since 2026-13-01", /^--since must be a time ago/],
  ["deliveries --limit 0", /^--limit must be a whole number from 1, not "0"\.\n/],
  ["deliveries --limit ten", /^--limit must be a whole number from 1, not "ten"\.\n/],
  ["deliveries 7", /^--id must be a UUID, not "7"\.\n/],
  [`deliveries ${nobody} ${nobody}`, /too many arguments for 'deliveries'/],
  ["resend", /^Give the id of a delivery, or --failed\.\n/],
  [`resend ${nobody} --failed`, /^Give the id of a delivery, or --failed\.\n/],
  ["resend 7", /^--id must be a UUID, not "7"\.\n/],
];

for (const [args, hint] of mistakes) {
  test(`innbox webhook ${args} was typed wrong`, async (t) => {
    const place = ["--database", newDatabase(t)];
    await innboxData("migrate", ...place);
    const { exitCode, stdout, stderr } = await innboxHere(["webhook", ...args.split(" "), ...place]);
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.match(stderr, hint);
  });
}

test("without deliveries the list is empty, and one that there is not can't be shown or sent again", async (t) => {
  const place = ["--database", newDatabase(t)];
  await innboxData("migrate", ...place);
  const empty = await innboxHere(["webhook", "deliveries", ...place]);
  assert.deepEqual([empty.exitCode, empty.stdout, empty.stderr], [0, "", "No delivery.\n"]);
  for (const command of ["deliveries", "resend"]) {
    const { exitCode, stdout, stderr } = await innboxHere(["webhook", command, nobody, ...place]);
    assert.deepEqual([exitCode, stdout], [1, ""]);
    assert.equal(stderr, `There is no delivery ${nobody}. See innbox webhook deliveries.\n`);
  }
});
