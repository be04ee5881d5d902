import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { version } from "../../src/core/version.ts";
import { innbox, innboxData, innboxHere } from "../support/server/process.ts";
import { newDatabase, temporaryFolder } from "../support/server/server.ts";
import { nobody } from "../support/server/world.ts";

const failures: [command: string, sentence: RegExp][] = [
  [`client disable --id ${nobody}`, /^There is no client 0{8}-.*innbox client list\.$/],
  [`enterprise enable --id ${nobody}`, /^There is no enterprise 0{8}-.*innbox enterprise list\.$/],
  [`integration disable --id ${nobody}`, /^There is no integration 0{8}-.*innbox integration list\.$/],
  [`integration rotate-token --id ${nobody}`, /^There is no integration 0{8}-/],
  [`integration add --client ${nobody} --enterprise ${nobody}`, /^There is no client 0{8}-/],
  [`sandbox reply --thread ${nobody} --text Hello`, /^There is no message thread 0{8}-[0-9a-f-]+\.$/],
  [`sandbox resolve --thread ${nobody}`, /^There is no message thread 0{8}-/],
];

for (const [command, sentence] of failures) {
  test(`innbox ${command} can't be done: 1, and one sentence on stderr`, async (t) => {
    const place = ["--database", newDatabase(t)];
    await innboxData("migrate", ...place);
    const { exitCode, stdout, stderr } = await innboxHere([...command.split(" "), ...place]);
    assert.deepEqual([exitCode, stdout], [1, ""]);
    assert.match(stderr.trimEnd(), sentence);
  });
}

test("a database that is not there is not made by looking into it", async (t) => {
  const folder = temporaryFolder(t);
  const place = ["--database", `sqlite:${join(folder, "typo.db")}`];
  for (const command of ["client list", `client disable --id ${nobody}`, `sandbox resolve --thread ${nobody}`]) {
    const { exitCode, stdout, stderr } = await innboxHere([...command.split(" "), ...place]);
    assert.deepEqual([exitCode, stdout], [1, ""]);
    assert.match(stderr, /^There is no database at .*typo\.db\. Name another with --database, .*\.\n$/);
  }
  assert.deepEqual(readdirSync(folder), []);
});

test("replying where no sandbox runs ends with 1 and tells how to start one", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => free.once("listening", resolve));
  const address = free.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await new Promise((resolve) => free.close(resolve));
  const url = `http://127.0.0.1:${port}`;
  const { exitCode, stderr } = await innboxHere(["sandbox", "resolve", "--thread", nobody, "--url", url]);
  assert.equal(exitCode, 1);
  assert.equal(stderr, `No sandbox answers at ${url}. Start one with npm start, or give --database.\n`);
});

const mistakes: [command: string, hint: RegExp][] = [
  ["sevre", /unknown command 'sevre'\n\(Did you mean serve\?\)/],
  ["enterprize list", /Did you mean enterprise\?/],
  ["client ad --name X", /Did you mean add\?/],
  ["integration rotate-tokens", /Did you mean rotate-token\?/],
  ["frobnicate", /unknown command 'frobnicate'$/m],
  ["enterprise list --jsn", /unknown option '--jsn'\n\(Did you mean --json\?\)/],
  ["serve --prot 8080", /unknown option '--prot'\n\(Did you mean --port\?\)/],
  ["serve --prot=8080", /unknown option '--prot'\n\(Did you mean --port\?\)/],
  ["serve --client-tokens=SECRET", /^error: unknown option '--client-tokens'$/m],
  ["--hlep", /--hlep/],
  ["enterprise list everything", /too many arguments .* got 1: everything\.$/m],
  ["enterprise list --json=yes", /--json takes no value/],
  ["client add", /--name NAME is required/],
  ["client add --name=", /--name NAME is required/],
  ["client add --name", /option '--name <NAME>' argument missing/],
  ["client add --name --json", /--name needs a value/],
  ["client enable --id 7", /--id must be a UUID, not "7"/],
  [`integration add --client ${nobody}`, /--enterprise ID is required/],
  [`integration add --client ${nobody} --enterprise ${nobody} --enterprise ${nobody}`, /twice/],
  [`integration rotate-token --id ${nobody} --overlap soon`, /--overlap must be a time .* not "soon"/],
  [`integration rotate-token --id ${nobody} --overlap 366d`, /--overlap must be at most 365d, not "366d"/],
  ["enterprise add --name X --time-zone Mars/Olympus", /--time-zone must be an IANA time zone/],
  ["enterprise add --name X --language klingon!", /--language must be a language code/],
  [`sandbox reply --thread ${nobody}`, /--text TEXT is required/],
  [`sandbox resolve --thread ${nobody} --url http://127.0.0.1:1 --database sqlite:x`, /not both/],
  [`sandbox resolve --thread ${nobody} --url nowhere`, /--url must be an address .* not "nowhere"/],
  [`sandbox resolve --thread ${nobody} --url localhost:8080`, /--url must be an address/],
];

for (const [command, hint] of mistakes) {
  test(`innbox ${command} was typed wrong: 2, a hint, and nothing is done`, async (t) => {
    const folder = temporaryFolder(t);
    const environment = { INNBOX_DATABASE: `sqlite:${join(folder, "innbox.db")}` };
    const { exitCode, stdout, stderr } = await innboxHere(command.split(" "), environment);
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.match(stderr, hint);
    assert.match(stderr, /See innbox --help\.\n$/);
    assert.deepEqual(readdirSync(folder), [], "no database was made");
  });
}

test("the exit code of the process tells success, failure and a mistake apart", async (t) => {
  const place = ["--database", newDatabase(t)];
  await innboxData("migrate", ...place);
  const [well, failed, mistyped] = await Promise.all([
    innbox(["--version"]),
    innbox(["client", "disable", "--id", nobody, ...place]),
    innbox(["clinet", "list"]),
  ]);
  assert.deepEqual([well.exitCode, well.stdout, well.stderr], [0, `${version}\n`, ""]);
  assert.deepEqual([failed.exitCode, failed.stdout], [1, ""]);
  assert.match(failed.stderr, /^There is no client .*\.\n$/);
  assert.deepEqual([mistyped.exitCode, mistyped.stdout], [2, ""]);
  assert.match(mistyped.stderr, /Did you mean client\?/);
});

/** The commands that a help text lists, and those of each group among them. */
async function commandsIn(...group: string[]): Promise<string[]> {
  const help = await innboxData(...group, "--help");
  const list = help.slice(help.indexOf("\nCommands:\n")).split("\n\n")[0] ?? "";
  const found = [...list.matchAll(/^ {2}([a-z-]+)( \[options\])?/gm)].filter(([, word]) => word !== "help");
  const names = found.map(([, word = "", options]) =>
    options ? [[...group, word].join(" ")] : commandsIn(...group, word),
  );
  return (await Promise.all(names)).flat();
}

test("--help shows options and examples for every command, and no flag takes a secret", async () => {
  const names = await commandsIn();
  assert.ok(names.length >= 40, `all commands are listed: ${names}`);
  assert.ok(names.includes("staff link revoke"));
  for (const name of names) {
    const help = await innboxData(...name.split(" "), "--help");
    assert.match(help, new RegExp(`^Usage: innbox ${name} \\[options\\].*\n\n[A-Z][^]*\n\nOptions:\n {2}--`));
    assert.match(help, new RegExp(`\n\nExamples:\n {2}innbox ${name}`));
    const flags = [...help.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, flag]) => flag ?? "");
    assert.deepEqual(
      flags.filter(
        (flag) => /token|secret|password|key/.test(flag) && !["secret-key-file", "token-socket-limit"].includes(flag),
      ),
      // A client token finds its client where it is public, in the sandbox; elsewhere there is --client.
      ["webhook set", "sandbox webhook"].includes(name) ? ["client-token"] : [],
    );
  }
});

test("help for a group of commands, or for nothing at all, is no mistake", async () => {
  for (const args of [["enterprise", "--help"], ["enterprise"], ["help", "enterprise"]]) {
    const { exitCode, stdout, stderr } = await innboxHere(args);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    assert.match(stdout, /^Usage: innbox enterprise .*\n {2}add /s);
  }
  assert.equal(await innboxData(), await innboxData("--help"));
});

test("a value that looks like a flag is joined to its own", async (t) => {
  const place = ["--database", newDatabase(t)];
  await innboxData("client", "add", "--name=--json", ...place);
  assert.match(await innboxData("client", "list", ...place), / --json /);
});
