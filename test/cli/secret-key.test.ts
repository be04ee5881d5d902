import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { readConfig } from "../../src/config/config.ts";
import { Problem } from "../../src/core/problem.ts";
import { secretBox } from "../../src/core/secret-box.ts";
import { withWayOut } from "../../src/core/ways-out.ts";
import { startReceiver } from "../support/delivery/receiver.ts";
import { registerWebhook } from "../support/delivery/webhooks.ts";
import { innboxData, innboxHere, innboxJson, type Variables } from "../support/server/process.ts";
import {
  databaseFile,
  newDatabase,
  startInstallation,
  startSandbox,
  temporaryFolder,
} from "../support/server/server.ts";
import { gross, johnDoe, nobody } from "../support/server/world.ts";

const newKey = () => randomBytes(32).toString("base64");
const keyFileOf = (database: string) => `${databaseFile(database)}.key`;

/** A database with a client, whose webhook needs the key. */
async function installation(t: TestContext, database = newDatabase(t)) {
  const place = ["--database", database];
  const { Id } = await innboxJson<{ Id: string }>("client", "add", "--name", "Chatbot Inc.", ...place);
  const set = ["webhook", "set", "--client", Id, "--url", "https://93.184.216.34/hook", ...place];
  return { database, place, set };
}

test("the first start makes a key that is its owner's alone, and the next start uses it", async (t) => {
  const database = newDatabase(t);
  const receiver = await startReceiver(t);
  const first = await startSandbox(t, { database });
  const { secret } = await registerWebhook(first, receiver.url);
  const key = readFileSync(keyFileOf(database), "utf8");
  assert.equal(Buffer.from(key, "base64").length, 32);
  assert.equal(key, `${Buffer.from(key, "base64").toString("base64")}\n`);
  assert.equal(statSync(keyFileOf(database)).mode & 0o777, 0o600);
  await first.app.stop();

  const next = await startSandbox(t, { database });
  const thread = (await next.call("messageThreads/add", { ...johnDoe, EnterpriseId: gross })).body.MessageThreads[0];
  await next.call("messages/add", { Messages: [{ MessageThreadId: thread?.Id, Text: "Hello" }] });
  const [received] = await receiver.requests(1);
  const headers = Object.fromEntries(
    Object.entries(received?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  // Throws for a wrong signature.
  new Webhook(secret).verify(received?.text ?? "", headers);
  assert.equal(readFileSync(keyFileOf(database), "utf8"), key);
  const files = readdirSync(join(keyFileOf(database), ".."));
  assert.deepEqual(
    files.filter((name) => name.includes(".key")),
    ["innbox.db.key"],
    "nothing else is left behind",
  );
});

test("INNBOX_SECRET_KEY goes before the key file, which is then neither made nor read", async (t) => {
  const { database, place, set } = await installation(t);
  const environment = { INNBOX_SECRET_KEY: newKey() };
  assert.equal((await innboxHere(set, environment)).exitCode, 0);
  assert.equal(existsSync(keyFileOf(database)), false);
  writeFileSync(keyFileOf(database), newKey());
  assert.equal((await innboxHere(set, environment)).exitCode, 0);
  const withoutIt = await innboxHere(set);
  assert.deepEqual([withoutIt.exitCode, withoutIt.stdout], [1, ""]);
  assert.match(withoutIt.stderr, /sealed with another key/);
  const unpadded = { INNBOX_SECRET_KEY: environment.INNBOX_SECRET_KEY.replace("=", "") };
  assert.equal((await innboxHere(set, unpadded)).exitCode, 0);
  assert.equal((await innboxHere(["webhook", "list", ...place])).exitCode, 0, "what needs no key asks for none");
});

test("--secret-key-file names another place for the key, which is made with its folder", async (t) => {
  const { database, set } = await installation(t);
  const file = join(temporaryFolder(t), "secrets", "innbox.key");
  assert.equal((await innboxHere([...set, "--secret-key-file", file])).exitCode, 0);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(existsSync(keyFileOf(database)), false);
  assert.equal((await innboxHere(set, { INNBOX_SECRET_KEY_FILE: file })).exitCode, 0);
});

const wrongKeys: [what: string, key: string][] = [
  ["31 bytes long", randomBytes(31).toString("base64")],
  ["33 bytes long", randomBytes(33).toString("base64")],
  ["63 hexadecimal digits long", randomBytes(32).toString("hex").slice(1)],
  ["a password", "correct horse battery staple, twice over!!!"],
  ["a space and then 32 bytes", ` ${newKey()}`],
];

for (const [what, key] of wrongKeys) {
  test(`a key that is ${what} is refused in one sentence that does not show it`, async (t) => {
    const { set } = await installation(t);
    const file = join(temporaryFolder(t), "innbox.key");
    // Were the key accepted, the start would still end: this can't be a database.
    const database = "sqlite:/dev/null/innbox.db";
    const isNotShown = (stderr: string) => assert.ok(!stderr.includes(key.trim()), stderr);
    for (const command of [["serve", "--database", database], ["dev", "--database", database], set]) {
      const { exitCode, stdout, stderr } = await innboxHere(command, { INNBOX_SECRET_KEY: key });
      assert.deepEqual([exitCode, stdout], [2, ""]);
      const sentence = "INNBOX_SECRET_KEY must be base64 of 32 bytes, as openssl rand -base64 32 makes it.";
      assert.equal(stderr, `${sentence}\nSee innbox --help.\n`);
      isNotShown(stderr);
    }
    writeFileSync(file, key.trim() === key ? `${key}\n` : "");
    const { exitCode, stdout, stderr } = await innboxHere([...set, "--secret-key-file", file]);
    assert.deepEqual([exitCode, stdout], [1, ""]);
    assert.equal(stderr, `The key file ${file} must hold base64 of 32 bytes, and nothing else.\n`);
    isNotShown(stderr);
  });
}

test("a key file that can't be read or made is named, with the way out", async (t) => {
  const { set } = await installation(t);
  const folder = temporaryFolder(t);
  for (const file of [folder, "/dev/null/innbox.key"]) {
    const { exitCode, stderr } = await innboxHere([...set, "--secret-key-file", file]);
    assert.equal(exitCode, 1);
    assert.ok(stderr.startsWith(`The key file ${file} can't be used (`), stderr);
    assert.match(stderr, /\)\. Name another with --secret-key-file\.\n$/);
  }
});

for (const [what, change, sentence] of [
  [
    "another key",
    (file: string) => writeFileSync(file, newKey()),
    /^The secrets in this database were sealed with another key\. Restore .* --secret-key-file or INNBOX_SECRET_KEY\..*forget-secrets\.\n$/,
  ],
  [
    "its key file lost",
    (file: string) => rmSync(file),
    /^The key file \S+ is missing, and secrets in the database were sealed with its key\. Restore it, .*INNBOX_SECRET_KEY\..*forget-secrets\.\n$/,
  ],
] as const) {
  test(`a server does not start with ${what}, says the way out, and starts again once it has the key`, async (t) => {
    const { database, set } = await installation(t);
    await innboxData(...set);
    const file = keyFileOf(database);
    const key = readFileSync(file, "utf8");
    change(file);
    const before = existsSync(file);
    const refused = await innboxHere(set);
    assert.deepEqual([refused.exitCode, refused.stdout], [1, ""]);
    const start = await startInstallation(t, database).then(
      () => assert.fail("It started."),
      (error: unknown) => error,
    );
    assert.ok(start instanceof Problem);
    for (const said of [refused.stderr, `${withWayOut(start)}\n`]) {
      assert.match(said, sentence);
      assert.ok(!said.includes(key.trim()));
    }
    assert.equal(existsSync(file), before, "no other key takes its place");
    writeFileSync(file, key);
    await startInstallation(t, database);
  });
}

test("processes that look for a key at the same moment make one, and all use it", async (t) => {
  const folder = temporaryFolder(t);
  const makers = [1, 2, 3].map(() => fork(new URL("../support/server/key-maker.ts", import.meta.url)));
  t.after(() => {
    for (const maker of makers) maker.kill();
  });
  const answers = () => Promise.all(makers.map(async (maker) => (await once(maker, "message"))[0] as string));
  await answers();
  for (let round = 0; round < 20; round += 1) {
    const answered = answers();
    for (const maker of makers) maker.send(join(folder, `${round}.key`));
    const [key, ...others] = await answered;
    assert.deepEqual(others, [key, key]);
  }
  assert.equal(readdirSync(folder).length, 20, "nothing else is left behind");
});

test("after the key was lost for good, its secrets are forgotten, and each webhook needs a new one", async (t) => {
  const { database, place, set } = await installation(t);
  const old = await innboxData(...set);
  rmSync(keyFileOf(database));
  const forgotten = await innboxHere(["webhook", "forget-secrets", ...place]);
  assert.deepEqual([forgotten.exitCode, forgotten.stdout], [0, ""]);
  const webhook = async () => (await innboxJson<{ Id: string; IsEnabled: boolean }[]>("webhook", "list", ...place))[0];
  const { Id = "", IsEnabled } = (await webhook()) ?? {};
  assert.equal(IsEnabled, false);
  for (const command of [["webhook", "enable", Id, ...place], set]) {
    const { exitCode, stderr } = await innboxHere(command);
    assert.deepEqual([exitCode, stderr.includes(`innbox webhook rotate-secret ${Id}.`)], [1, true], stderr);
  }
  assert.notEqual(await innboxData("webhook", "rotate-secret", Id, ...place), old);
  await innboxData("webhook", "enable", Id, ...place);
  assert.equal((await webhook())?.IsEnabled, true);
  await startInstallation(t, database);
});

test("a secret is opened by the key that sealed it, for what it was sealed for, unchanged, and by nothing else", () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const text = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(bytes, bytes, text, text, text, fc.nat(), (key, otherKey, secret, context, otherContext, place) => {
      const box = secretBox(key);
      const sealed = box.seal(secret, context);
      assert.equal(box.open(sealed, context), secret);
      assert.notDeepEqual(box.seal(secret, context), sealed);
      const cannot = (open: () => string) =>
        assert.throws(open, (error) => error instanceof Problem && error.kind === "unavailable");
      if (Buffer.compare(key, otherKey) !== 0) cannot(() => secretBox(otherKey).open(sealed, context));
      if (context !== otherContext) cannot(() => box.open(sealed, otherContext));
      const changed = Uint8Array.from(sealed, (byte, index) => (index === place % sealed.length ? byte ^ 1 : byte));
      cannot(() => box.open(changed, context));
      cannot(() => box.open(sealed.slice(0, -1), context));
    }),
  );
});

test("neither the secrets of webhooks nor the key are in the files of the database", async (t) => {
  const database = newDatabase(t);
  await startInstallation(t, database);
  const { place, set } = await installation(t, database);
  const secret = await innboxData(...set);
  const webhooks = await innboxJson<{ Id: string }[]>("webhook", "list", ...place);
  const rotated = await innboxData("webhook", "rotate-secret", webhooks[0]?.Id ?? "", ...place);
  const key = readFileSync(keyFileOf(database), "utf8").trim();
  const folder = join(keyFileOf(database), "..");
  const files = readdirSync(folder).filter((name) => !name.endsWith(".key"));
  const bytes = Buffer.concat(files.map((name) => readFileSync(join(folder, name))));
  assert.ok(bytes.includes("https://93.184.216.34/hook"), "the search sees what was written");
  for (const one of [secret.replace("whsec_", ""), rotated.replace("whsec_", ""), key]) {
    assert.equal(Buffer.from(one, "base64").length, 32);
    assert.ok(!bytes.includes(one));
    assert.ok(!bytes.includes(Buffer.from(one, "base64")));
  }
});

test("the key is no flag, and neither help nor errors show it", async (t) => {
  const key = newKey();
  const environment: Variables = { INNBOX_SECRET_KEY: key, INNBOX_DATABASE: newDatabase(t) };
  assert.equal(readConfig({}, environment).secretKey?.toString("base64"), key);
  const digits = Buffer.from(key, "base64").toString("hex");
  assert.equal(readConfig({}, { INNBOX_SECRET_KEY: digits }).secretKey?.toString("base64"), key);
  assert.equal(readConfig({ "secret-key": newKey() }, environment).secretKey?.toString("base64"), key);
  await innboxHere(["migrate"], environment);
  const commands = [
    ["--help"],
    ["serve", "--help"],
    ["webhook", "set", "--help"],
    ["serve", `--secret-key=${key}`],
    ["serve", "--secret-key", key],
    ["webhook", "test", "--secret-key", key],
    ["webhook", "rotate-secret", nobody],
    ["serve", "--port", "none"],
  ];
  for (const command of commands) {
    const { exitCode, stdout, stderr } = await innboxHere(command, environment);
    assert.equal(exitCode, command.includes("--help") ? 0 : command.includes(nobody) ? 1 : 2, stderr);
    assert.ok(!`${stdout}${stderr}`.includes(key), command.join(" "));
  }
});
