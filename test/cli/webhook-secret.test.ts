import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Respond, startReceiver } from "../support/delivery/receiver.ts";
import { addPartner, isSignedWith } from "../support/server/partners.ts";
import { innboxData, innboxHere, innboxJson } from "../support/server/process.ts";
import { newDatabase, startSandbox } from "../support/server/server.ts";
import { nobody } from "../support/server/world.ts";

interface Exchange {
  readonly StartedUtc: string;
  readonly Milliseconds: number;
  readonly Status: number | null;
  readonly Error: string | null;
  readonly Request: { readonly Headers: Readonly<Record<string, string>>; readonly Body: string };
  readonly Response: { readonly Headers: Readonly<Record<string, string>> | null; readonly Body: string | null };
}

interface Rotated {
  readonly Id: string;
  readonly Secret: string;
  readonly OldSecretExpiresUtc: string;
}

/** A sandbox whose clock the test sets, with a partner's webhook that was set by the command line. */
async function withWebhook(t: TestContext, respond?: Respond) {
  let now: number | undefined;
  const receiver = await startReceiver(t, respond);
  const server = await startSandbox(t, {}, { clock: () => now ?? Date.now() * 1000 });
  const partner = await addPartner(server);
  const place = ["--database", server.database];
  const set = ["webhook", "set", "--client", partner.clientId, "--url", `${receiver.url}/hook?token=1`];
  const { Id: id, Secret: first } = await innboxJson<{ Id: string; Secret: string }>(...set, ...place);
  return {
    receiver,
    place,
    id,
    first,
    setClock: (microseconds: number) => {
      now = microseconds;
    },
    /** Which of the secrets sign the next message. */
    signers: async (...secrets: string[]) => {
      const count = receiver.received.length + 1;
      await partner.write();
      const received = (await receiver.requests(count)).at(-1);
      return secrets.map((secret) => isSignedWith(secret, received?.headers ?? {}, received?.text ?? ""));
    },
    rotate: (...args: string[]) => innboxJson<Rotated>("webhook", "rotate-secret", id, ...args, ...place),
  };
}

test("a rotated secret prints alone on stdout, and when the old one ends on stderr", async (t) => {
  const { place, id } = await withWebhook(t);
  const { exitCode, stdout, stderr } = await innboxHere(["webhook", "rotate-secret", id, ...place]);
  assert.equal(exitCode, 0);
  assert.match(stdout, /^whsec_[A-Za-z0-9+/]{43}=\n$/);
  assert.match(
    stderr,
    /^The old secret signs too until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\. The new one, shown only now:\n$/,
  );
});

test("the old secret signs too until its overlap of a day has passed, and the new one at once and after", async (t) => {
  const { id, first, rotate, signers, setClock } = await withWebhook(t);
  assert.deepEqual(await signers(first), [true]);
  const aDay = 86_400_000;
  // The time is shown in whole seconds.
  const earliest = Math.floor(Date.now() / 1000) * 1000 + aDay;
  const rotated = await rotate();
  const latest = Date.now() + aDay;
  assert.equal(rotated.Id, id);
  assert.deepEqual(await signers(first, rotated.Secret), [true, true]);
  const expires = Date.parse(rotated.OldSecretExpiresUtc);
  assert.ok(earliest <= expires && expires <= latest, "it is a day");
  setClock((expires - 1000) * 1000);
  assert.deepEqual(await signers(first, rotated.Secret), [true, true]);
  setClock((expires + 1000) * 1000);
  assert.deepEqual(await signers(first, rotated.Secret), [false, true]);
});

test("a secret rotated without overlap signs nothing any more", async (t) => {
  const { first, rotate, signers } = await withWebhook(t);
  const second = await rotate();
  const third = await rotate("--overlap", "0s");
  assert.deepEqual(await signers(first, second.Secret, third.Secret), [false, false, true]);
});

test("a test sends a signed request without events and shows headers and bodies both ways", async (t) => {
  const { receiver, place, id, first } = await withWebhook(t, (_, response) => {
    response.writeHead(202, { "X-Receiver": "Bot" }).end("Thanks");
    return undefined;
  });
  const { exitCode, stdout, stderr } = await innboxHere(["webhook", "test", id, ...place]);
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /^It answered 202 within \d+ ms\.\n$/);
  const shown = JSON.parse(stdout) as Exchange;
  const [received] = receiver.received;
  assert.equal(received?.path, "/hook?token=1");
  assert.ok(isSignedWith(first, received.headers, received.text));
  assert.deepEqual(JSON.parse(received.text), { EnterpriseId: emptyId, IntegrationId: emptyId, Events: [] });
  assert.equal(shown.Request.Body, received.text);
  for (const [name, value] of Object.entries(shown.Request.Headers)) assert.equal(received.headers[name], value);
  assert.match(shown.Request.Headers["user-agent"] ?? "", /^Innbox\/\d/);
  assert.deepEqual([shown.Status, shown.Error, shown.Response.Body], [202, null, "Thanks"]);
  assert.equal(shown.Response.Headers?.["x-receiver"], "Bot");
  assert.ok(Math.abs(Date.parse(shown.StartedUtc) - Date.now()) < 60_000 && shown.Milliseconds > 0);
});

const emptyId = "00000000-0000-0000-0000-000000000000";

test("a test that fails ends with 1, shows what it got, and leaves no delivery behind", async (t) => {
  const { receiver, place, id } = await withWebhook(t, () => 500);
  const failed = await innboxHere(["webhook", "test", "--id", id, ...place]);
  assert.deepEqual([failed.exitCode, failed.stderr], [1, "It answered 500.\n"]);
  const shown = JSON.parse(failed.stdout) as Exchange;
  assert.deepEqual([shown.Status, shown.Error, shown.Response.Body], [500, "It answered 500.", ""]);
  assert.equal(receiver.received.length, 1);
  assert.deepEqual(await innboxJson("webhook", "deliveries", ...place), []);

  await innboxData("webhook", "disable", id, ...place);
  receiver.respond(() => 200);
  assert.equal((await innboxHere(["webhook", "test", id, ...place])).exitCode, 0, "a disabled one can be tried too");
});

test("a test of a webhook whose port is closed says so", async (t) => {
  const place = ["--database", newDatabase(t)];
  // A port that no other test is given.
  const host = "127.0.0.1:1";
  const client = await innboxJson<{ Id: string }>("client", "add", "--name", "Chatbot Inc.", ...place);
  const allow = ["--webhook-allow", host, ...place];
  const set = ["webhook", "set", "--client", client.Id, "--kind", "integration", "--url", `http://${host}`, ...allow];
  const { Id } = await innboxJson<{ Id: string }>(...set);
  const refused = await innboxHere(["webhook", "test", Id, ...allow]);
  assert.deepEqual([refused.exitCode, refused.stderr], [1, "It refused the connection (ECONNREFUSED).\n"]);
  const { Status, Request, Response } = JSON.parse(refused.stdout) as Exchange;
  assert.deepEqual([Status, Response.Headers, Response.Body], [null, null, null]);
  assert.deepEqual(JSON.parse(Request.Body), { Action: "Test", Data: {} });
  const closed = await innboxHere(["webhook", "test", Id, ...place]);
  assert.deepEqual([closed.exitCode, closed.stderr], [1, "The URL must begin with https://.\n"]);
});

for (const command of ["enable", "disable", "rotate-secret", "test"]) {
  test(`innbox webhook ${command} tells an unknown webhook from a mistake`, async (t) => {
    const place = ["--database", newDatabase(t)];
    await innboxData("migrate", ...place);
    const unknown = await innboxHere(["webhook", command, nobody, ...place]);
    assert.deepEqual([unknown.exitCode, unknown.stdout], [1, ""]);
    assert.equal(unknown.stderr, `There is no webhook ${nobody}. See innbox webhook list.\n`);
    for (const [args, hint] of [
      [["7"], /^--id must be a UUID, not "7"\.\n/],
      [[], /^--id ID is required\.\n/],
      [[nobody, nobody], /too many arguments/],
      [["--id", nobody, nobody], /not both/],
    ] as const) {
      const mistake = await innboxHere(["webhook", command, ...args, ...place]);
      assert.deepEqual([mistake.exitCode, mistake.stdout], [2, ""]);
      assert.match(mistake.stderr, hint);
    }
  });
}
