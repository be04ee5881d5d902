import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { Keyword } from "dockerfile-ast";
import { publint } from "publint";
import { version } from "../../src/core/version.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import * as dockerfile from "../support/packaging/dockerfile.ts";
import { packPackages, type Tarballs } from "../support/packaging/packages.ts";
import { linkModule, makeProject } from "../support/packaging/project.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "innbox-packaging-"));
const project = join(folder, "project");
const run = promisify(execFile);

/** Programs find this Node, and no setting of the machine on which the tests run. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("INNBOX_"))),
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
};

/** What runs until the tests are over. */
const running = new Set<ChildProcess>();

let tarballs: Tarballs;

suite("what people install", { timeout: 120_000 }, () => {
  before(() => {
    tarballs = packPackages(folder, environment);
    makeProject(project, Object.values(tarballs));
  });

  after(() => {
    for (const child of running) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test("the package holds compiled code, pages and scenarios, and every file that is found by its URL", () => {
    const place = join(project, "node_modules/innbox");
    assert.deepEqual(readdirSync(place).toSorted(), [
      "LICENSE",
      "README.md",
      "dist",
      "package.json",
      "packaging",
      "web",
    ]);
    assert.deepEqual(readdirSync(join(place, "packaging")).toSorted(), ["health.js", "innbox.js"]);
    assert.deepEqual(readdirSync(join(place, "web/dist")).toSorted(), ["inbox", "sandbox"]);
    const data = (folder: string) => globSync("**/*.yaml", { cwd: join(folder, "sandbox/data") }).toSorted();
    assert.deepEqual(data(join(place, "dist")), data(join(root, "src")), "each scenario and each language is there");

    const missing = globSync(join(place, "dist/**/*.js")).flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/new URL\("(\.[^"]+)", import\.meta\.url\)/g)]
        .map(([, path = ""]) => join(dirname(file), path))
        .filter((path) => globSync(path).length === 0),
    );
    assert.deepEqual(missing, []);
    assert.deepEqual(
      globSync(join(place, "**/*.ts")).filter((file) => !file.endsWith(".d.ts")),
      [],
    );
  });

  for (const name of ["innbox", "@innbox/client"] as const) {
    test(`${name} is packed as tools and types expect it`, async () => {
      const data = readFileSync(tarballs[name]);
      const tarball = new Uint8Array(data).buffer;
      const { messages } = await publint({ pack: { tarball }, strict: true });
      assert.deepEqual(messages, []);

      const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
      assert.ok(analysis.types, "it has types");
      assert.equal(analysis.types.kind, "included");
      // Both are ES modules, which `require` takes too; this tool has yet to learn it, and Node 10 could not read them.
      const known = ["node10", "node16-cjs"];
      assert.deepEqual(
        analysis.problems.filter((problem) => !("resolutionKind" in problem && known.includes(problem.resolutionKind))),
        [],
      );
    });
  }

  test("both packages have their types, by import and by require", async () => {
    for (const name of ["@types/node", "undici-types"]) linkModule(project, name);
    const use = `
      const sandbox = await startSandbox({ strict: true });
      const options = { platformAddress: sandbox.url, clientToken: "", accessToken: "", client: "Test 1.0.0" };
      const answer = await createClient(options).messageThreads.add({ OriginalSender: "Jane Guest", Subject: "Late" });
      const ids: readonly string[] = answer.MessageThreads.map(({ Id }) => Id);
      // @ts-expect-error It is not just anything.
      const noAnswer: number = answer;
      // @ts-expect-error
      const noSandbox: number = sandbox;
      export const used = [ids, noAnswer, noSandbox];`;
    const imports = `
      import { createClient } from "@innbox/client";
      import { startSandbox } from "innbox/testing";`;
    const requires = `
      import client = require("@innbox/client");
      import testing = require("innbox/testing");
      const { createClient } = client;
      const { startSandbox } = testing;`;
    writeFileSync(join(project, "use.mts"), imports + use);
    writeFileSync(
      join(project, "use.cts"),
      `${requires}\nexport async function start() {${use.replace("export ", "")}\n return used; }`,
    );
    const compilerOptions = {
      module: "nodenext",
      target: "es2024",
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ["node"],
    };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["use.*"] }));
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = await run(process.execPath, [compiler, "-p", project]).catch((error) => error);
    assert.equal(stdout, "");
  });

  const conversation = `
    const sandbox = await startSandbox();
    const { ClientToken: clientToken, AccessToken: accessToken } = sandbox.tokens;
    const connector = createClient({ platformAddress: sandbox.url, clientToken, accessToken, client: "Test 1.0.0" });
    const { MessageThreads: [thread] } = await connector.messageThreads.add({ OriginalSender: "Jane Guest", Subject: "Late" });
    await connector.messages.add({ Messages: [{ MessageThreadId: thread.Id, Text: "Is anybody there?" }] });
    await sandbox.staff.replies(thread.Id, "We are.");
    for await (const { Text } of connector.messages.getAll({ MessageThreadIds: [thread.Id] })) console.log(Text);
    await sandbox.close();`;

  test("both packages talk with each other, by import", async () => {
    const program = `
      import { createClient } from "@innbox/client";
      import { startSandbox } from "innbox/testing";
      ${conversation}`;
    writeFileSync(join(project, "talk.mjs"), program);
    const { stdout } = await run(process.execPath, ["talk.mjs"], { cwd: project, env: environment });
    assert.equal(stdout, "We are.\nIs anybody there?\n");
  });

  test("both packages talk with each other, by require", async () => {
    const program = `
      const { createClient } = require("@innbox/client");
      const { startSandbox } = require("innbox/testing");
      (async () => {${conversation}})();`;
    writeFileSync(join(project, "talk.cjs"), program);
    const { stdout } = await run(process.execPath, ["talk.cjs"], { cwd: project, env: environment });
    assert.equal(stdout, "We are.\nIs anybody there?\n");
  });

  test("the installed command starts a sandbox with its pages, its reference and its scenarios", async () => {
    const innbox = join(project, "node_modules/.bin/innbox");
    const started = start(innbox, ["dev", "--bare", "--port", "0"], { cwd: project, env: environment });
    const url = await started.url;
    assert.ok(started.output().includes(`Everything is kept in ${join(project, "data/innbox.db")}.`), started.output());
    assert.ok(started.output().includes(`  npx innbox sandbox reply --url ${url} --thread ID`), started.output());
    for (const path of ["/", "/inbox", "/docs", "/docs/swagger-ui-bundle.js"]) {
      const answer = await fetch(url + path);
      assert.equal(answer.status, 200, `${path}: ${await answer.text()}`);
    }
    const answer = await fetch(`${url}/sandbox/v1/scenarios/getAll`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    const { Scenarios } = (await answer.json()) as { Scenarios: readonly unknown[] };
    assert.equal(Scenarios.length, readdirSync(join(root, "src/sandbox/data/scenarios")).length);
    assert.equal(await started.stop(), 0);
  });

  test("the installed command tells its version, and what an older Node is too old for", async () => {
    const innbox = join(project, "node_modules/.bin/innbox");
    const { stdout } = await run(innbox, ["--version"], { env: environment });
    assert.equal(stdout, `${version}\n`);

    // An older one is not at hand, but may be pretended.
    const older = `data:text/javascript,${encodeURIComponent(
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.21.0" } });',
    )}`;
    const refused = await run(process.execPath, ["--import", older, innbox, "--version"]).catch((error) => error);
    assert.equal(refused.code, 1);
    assert.equal(refused.stderr, "Innbox needs Node 24.9 or newer, and this is 22.21.0.\n");
  });

  test("a container's server writes below /data only, is healthy while it serves, and ends in order", async () => {
    const app = join(project, "node_modules/innbox");
    const data = join(folder, "data");
    mkdirSync(data);
    const here = (text: string) =>
      text
        .replace(/^\/nodejs\/bin\/node$/, process.execPath)
        .replace(/^\/app(?=\/)/, app)
        .replace(/^(sqlite:)?\/data\b/, `$1${data}`);
    const variables: NodeJS.ProcessEnv = { ...environment, INNBOX_PORT: "0" };
    for (const [name, text] of Object.entries(dockerfile.environment)) variables[name] = here(text);
    const before = filesOf(app);
    const [node = "", ...args] = [
      ...dockerfile.commandOf(Keyword.ENTRYPOINT),
      ...dockerfile.commandOf(Keyword.CMD),
    ].map(here);
    const started = start(node, args, { cwd: data, env: variables });
    const { port } = new URL(await started.url);

    const [healthNode = "", ...healthArgs] = dockerfile.commandOf(Keyword.HEALTHCHECK).map(here);
    const health = { env: { ...variables, INNBOX_PORT: port } };
    const { stdout } = await run(healthNode, healthArgs, health);
    assert.equal(stdout, '{"Status":"ready"}');
    const answer = await fetch(`http://127.0.0.1:${port}/api/connector/v1/configuration/get`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...demoTokens, Client: "Test 1.0.0" }),
    });
    assert.equal(answer.status, 401, "the demo tokens open nothing");

    assert.equal(await started.stop(), 0);
    await assert.rejects(run(healthNode, healthArgs, health), { code: 1 });
    assert.deepEqual(filesOf(data).toSorted(), ["innbox.db", "innbox.db.lock", "innbox.key"]);
    assert.deepEqual(filesOf(app), before);
  });
});

function filesOf(place: string): readonly string[] {
  return readdirSync(place, { recursive: true, encoding: "utf8" });
}

interface StartOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts a server; `url` is where it says that it listens, and rejects when it ends before. */
function start(program: string, args: readonly string[], options: StartOptions) {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const ended = Promise.withResolvers<number | null>();
  const url = Promise.withResolvers<string>();
  let output = "";
  const heard = (text: string) => {
    output += text;
    const [, found] = /Innbox \S+ (?:sandbox|listens) at (http:\/\/[\w.:]+)/.exec(output) ?? [];
    if (found !== undefined) url.resolve(found);
  };
  child.stdout.setEncoding("utf8").on("data", heard);
  child.stderr.setEncoding("utf8").on("data", heard);
  child.on("error", url.reject);
  child.on("close", (code) => {
    running.delete(child);
    ended.resolve(code);
    url.reject(new Error(`It ended with ${code}:\n${output}`));
  });
  const stop = () => {
    child.kill("SIGTERM");
    return ended.promise;
  };
  return { url: url.promise, output: () => output, stop };
}
