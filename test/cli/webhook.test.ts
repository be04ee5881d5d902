import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startReceiver } from "../support/delivery/receiver.ts";
import { announcedIds } from "../support/delivery/webhooks.ts";
import { isSignedWith } from "../support/server/partners.ts";
import { innboxData, innboxHere, innboxJson } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";
import { gross, nobody, world } from "../support/server/world.ts";

interface Client {
  readonly Id: string;
  readonly ClientToken: string;
}

interface Set {
  readonly Id: string;
  readonly Secret?: string;
}

interface Listed extends Set {
  readonly Client: string;
  readonly Kind: string;
  readonly Url: string;
  readonly Events: readonly string[];
  readonly IsEnabled: boolean;
  readonly DisabledReason: string | null;
}

const hook = "https://93.184.216.34/hook";
const secretPattern = /^whsec_[A-Za-z0-9+/]{43}=$/;

/** A real installation with one partner. */
async function installation(t: TestContext) {
  const place = ["--database", newDatabase(t)];
  const client = await innboxJson<Client>("client", "add", "--name", "Chatbot Inc.", ...place);
  const set = (...args: string[]) => innboxJson<Set>("webhook", "set", ...args, ...place);
  const list = () => innboxJson<Listed[]>("webhook", "list", ...place);
  return { place, client, set, list, byId: ["--client", client.Id] };
}

/** A sandbox in this process, and client 1's webhook in it. */
async function sandboxWithWebhook(t: TestContext) {
  const receiver = await startReceiver(t);
  const server = await world(t);
  const place = ["--database", server.database];
  const clients = await innboxJson<{ Id: string; Name: string }[]>("client", "list", ...place);
  const clientId = clients.find(({ Name }) => Name === "Client 1")?.Id ?? "";
  const { Id, Secret = "" } = await innboxJson<Set>(
    "webhook",
    "set",
    "--client",
    clientId,
    "--url",
    receiver.url,
    ...place,
  );
  const thread = await server.addThread(gross);
  const say = async () => {
    const ids = await server.addMessages(thread);
    await server.app.settled();
    return ids;
  };
  return { ...server, receiver, place, id: Id, secret: Secret, clientId, say };
}

test("setting a webhook prints its secret alone on stdout, and says the rest, without it, on stderr", async (t) => {
  const { place, client, list } = await installation(t);
  const byToken = ["--client-token", client.ClientToken];
  const { exitCode, stdout, stderr } = await innboxHere(["webhook", "set", ...byToken, "--url", hook, ...place]);
  assert.equal(exitCode, 0);
  assert.match(stdout.trimEnd(), secretPattern);
  const id = /^Set the webhook ([0-9a-f-]{36})\. Its secret, shown only now:\n$/.exec(stderr)?.[1];
  const [webhook, ...others] = await list();
  assert.deepEqual([webhook?.Id, webhook?.Client, others], [id, "Chatbot Inc.", []]);
});

test("a client has one general webhook and one for its integrations, by its id or its token", async (t) => {
  const { client, set, list, byId } = await installation(t);
  const general = await set(...byId, "--url", hook);
  const integration = await set("--client-token", client.ClientToken, "--kind", "integration", "--url", hook);
  assert.match(general.Secret ?? "", secretPattern);
  assert.notEqual(general.Secret, integration.Secret);
  assert.deepEqual(
    (await list()).map(({ Id, Kind, Events, IsEnabled }) => [Id, Kind, Events, IsEnabled]),
    [
      [general.Id, "general", ["MessageAdded"], true],
      [integration.Id, "integration", [], true],
    ],
  );
});

test("setting a webhook again changes its URL and events, enables it, and keeps its secret", async (t) => {
  const { place, receiver, id, secret, clientId, say } = await sandboxWithWebhook(t);
  const moved = await startReceiver(t);
  await innboxData("webhook", "disable", id, ...place);
  const events = ["--events", "MessageThreadUpdated, MessageAdded,MessageAdded"];
  const again = await innboxHere(["webhook", "set", "--client", clientId, "--url", moved.url, ...events, ...place]);
  assert.deepEqual([again.exitCode, again.stdout], [0, `${id}\n`]);
  assert.match(again.stderr, /its secret stays as it was/);
  const [webhook] = await innboxJson<Listed[]>("webhook", "list", ...place);
  assert.deepEqual([webhook?.IsEnabled, webhook?.Events], [true, ["MessageThreadUpdated", "MessageAdded"]]);

  const ids = await say();
  const [received] = await moved.requests(1);
  assert.ok(received && isSignedWith(secret, received.headers, received.text));
  assert.deepEqual([announcedIds(moved.received), receiver.received], [ids, []]);
  const asJson = await innboxJson<Set>("webhook", "set", "--client", clientId, "--url", moved.url, ...place);
  assert.deepEqual(asJson, { Id: id });
});

const refusals: [args: string, exitCode: number, sentence: RegExp][] = [
  [`--client ${nobody} --url ${hook}`, 1, /^There is no client 0{8}-.*\. See innbox client list\.$/],
  [`--client-token WRONG --url ${hook}`, 1, /^There is no client with this token\. See innbox client list\.$/],
  ["--client CLIENT --url nonsense", 1, /^"nonsense" is not a URL\.$/],
  ["--client CLIENT --url http://93.184.216.34/hook", 1, /^The URL must begin with https:\/\/\.$/],
  [
    "--client CLIENT --url https://10.0.0.7/hook",
    1,
    /^The host 10\.0\.0\.7 is at 10\.0\.0\.7, which is not an address/,
  ],
  ["--client CLIENT --url https://localhost/hook", 1, /^The host localhost is at \S+, which is not an address/],
  ["--client CLIENT --url https://u:p@93.184.216.34/", 1, /^The URL must not hold a user name or a password\.$/],
  ["--client CLIENT --url http://10.0.0.7:1/ --webhook-allow 10.0.0.7:2", 1, /^The URL must begin with https/],
  [`--url ${hook}`, 2, /^Give --client or --client-token\.$/],
  [`--client CLIENT --client-token TOKEN --url ${hook}`, 2, /^Give --client or --client-token\.$/],
  ["--client CLIENT", 2, /^--url URL is required\.$/],
  [`--client 7 --url ${hook}`, 2, /^--client must be a UUID, not "7"\.$/],
  [
    `--client CLIENT --url ${hook} --events MessageSent`,
    2,
    /^--events must be of MessageAdded,.*, not "MessageSent"\.$/,
  ],
  [`--client CLIENT --url ${hook} --events MessageAdded,`, 2, /^--events must be of .*, not ""\.$/],
  [`--client CLIENT --url ${hook} --kind special`, 2, /^--kind must be general or integration, not "special"\.$/],
  [
    `--client CLIENT --url ${hook} --kind integration --events MessageAdded`,
    2,
    /^--events is for general webhooks only\.$/,
  ],
  [`--client CLIENT --url ${hook} --webhook-allow a/b`, 2, /^--webhook-allow must be hosts .*, not "a\/b"\.$/],
  [`CLIENT --url ${hook}`, 2, /too many arguments for 'set'/],
];

for (const [args, expected, sentence] of refusals) {
  test(`innbox webhook set ${args} is refused with ${expected}, and nothing is set`, async (t) => {
    const { place, client, list } = await installation(t);
    const words = args.replace("CLIENT", client.Id).replace("TOKEN", client.ClientToken).split(" ");
    const { exitCode, stdout, stderr } = await innboxHere(["webhook", "set", ...words, ...place]);
    assert.deepEqual([exitCode, stdout], [expected, ""]);
    const [line = "", ...rest] = stderr.trimEnd().split("\n");
    assert.match(line, sentence);
    assert.deepEqual(rest, expected === 2 ? ["See innbox --help."] : []);
    assert.deepEqual(await list(), []);
  });
}

test("--webhook-allow opens an internal host without TLS in a real installation", async (t) => {
  const { set, list, byId } = await installation(t);
  await set(...byId, "--url", "http://10.0.0.7:8080/hook", "--webhook-allow", "10.0.0.7:8080");
  assert.equal((await list())[0]?.Url, "http://10.0.0.7:8080/hook");
});

test("lists never show what stands behind the question mark of a URL", async (t) => {
  const { place, set, byId } = await installation(t);
  const empty = await innboxHere(["webhook", "list", ...place]);
  assert.deepEqual([empty.exitCode, empty.stdout], [0, ""]);
  assert.match(empty.stderr, /innbox webhook set/);

  await set(...byId, "--url", `${hook}?token=open-sesame`);
  const table = await innboxHere(["webhook", "list", ...place]);
  assert.match(table.stdout, /^ID +CLIENT +KIND +URL +EVENTS +ENABLED +FAILING SINCE +DISABLED +CREATED\n/);
  assert.match(table.stdout, /Chatbot Inc\. +general +https:\/\/93\.184\.216\.34\/hook\?… +MessageAdded +yes +- +- /);
  assert.ok(!table.stdout.includes("sesame"));
  assert.ok(!(await innboxData("webhook", "list", "--json", ...place)).includes("sesame"));
});

test("a disabled webhook is sent nothing, and what happened meanwhile once it is enabled", async (t) => {
  const server = await sandboxWithWebhook(t);
  const { place, receiver, id, say } = server;
  const disabled = await innboxHere(["webhook", "disable", id, ...place]);
  assert.deepEqual(disabled, { exitCode: 0, signal: null, stdout: "", stderr: `The webhook ${id} is disabled.\n` });
  const [listed] = await innboxJson<Listed[]>("webhook", "list", ...place);
  assert.deepEqual([listed?.IsEnabled, listed?.DisabledReason], [false, "By the operator."]);
  const [first, second] = [await say(), await say()];
  assert.deepEqual(receiver.received, []);

  const enabled = await innboxHere(["webhook", "enable", "--id", id.toUpperCase(), ...place]);
  assert.equal(enabled.stderr, `The webhook ${id} is enabled.\n`);
  await server.app.settled();
  assert.deepEqual(announcedIds(receiver.received), [...first, ...second]);
});

test("enabling with --skip leaves out what happened meanwhile and nothing that comes later", async (t) => {
  const { place, receiver, id, say } = await sandboxWithWebhook(t);
  const before = await say();
  await innboxData("webhook", "disable", id, ...place);
  await say();
  await innboxData("webhook", "enable", id, "--skip", ...place);
  const after = await say();
  assert.deepEqual(announcedIds(receiver.received), [...before, ...after]);
});
