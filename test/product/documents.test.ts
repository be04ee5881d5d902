import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { before, suite, type TestContext, test } from "node:test";
import { parse } from "yaml";
import { sandboxPageRoutes } from "../../src/pages/sandbox-page.ts";
import { type Block, blocksOf, fileNameOf, placeOf } from "../support/docs/documents.ts";
import { programOf, typeErrors } from "../support/docs/documents-code.ts";
import { freePort, makeModules, makePrograms, makeProject } from "../support/docs/documents-machine.ts";
import { openSession } from "../support/docs/documents-session.ts";
import { postgresDatabase } from "../support/postgres/postgres.ts";
import { quickFolder } from "../support/run/quick-folder.ts";
import { fileScope, type Scope } from "../support/run/scope.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { projectFolder } from "../support/server/process.ts";

const found = globSync("docs/*.md", { cwd: projectFolder }).toSorted();
const pages = ["README.md", "CONTRIBUTING.md", ...found, "client/README.md", "examples/README.md"];
const blocks = pages.flatMap(blocksOf);
const blocksIn = (page: string) => blocks.filter((block) => block.page === page);
const workflow = "examples/ci-workflow.yaml";

const scope = fileScope();
const folder = quickFolder("innbox-documents-");
scope.after(() => rmSync(folder, { recursive: true, force: true }));
const modules = join(folder, "node_modules");
const programs = join(folder, "programs");
const database = `sqlite:${join(folder, "innbox.db")}`;

/** Whether a page starts a server itself. The others are followed beside one that runs. */
function startsServer(page: readonly Block[]): boolean {
  const isStart = /(?:npm start|-- serve)(?!.*--port)/;
  return page.some(({ text, notes }) => notes.has("stays") && isStart.test(text));
}

/** What pages say that would be taken, or is not there, on the machine that runs them. */
async function localizer(t: Scope, place: string, page: readonly Block[], port: number) {
  const ports = new Map([["8080", port]]);
  for (const each of ["3000", "3001", "9471"]) ports.set(each, await freePort());
  const isOnPostgres = page.some(({ text, notes }) => !notes.has("elsewhere") && text.includes("postgres://"));
  const url = isOnPostgres ? await postgresDatabase(t) : "";
  for (const name of ["tmp", "var/lib/innbox", "var/backups"]) mkdirSync(join(place, name), { recursive: true });
  return (text: string) =>
    text
      .replace(/(?<![\w.])\/(?=(?:tmp|var)\/)/g, `${place}/`)
      .replace(/postgres:\/\/[^\s'"]+/g, url)
      .replace(/\b(?:8080|3000|3001|9471)\b/g, (each) => String(ports.get(each)));
}

const isFollowed = (block: Block) =>
  !block.notes.has("elsewhere") && !block.notes.has("run") && (block.language === "sh" || fileNameOf(block));

suite("what README and docs say", { timeout: 240_000, concurrency: 2 }, () => {
  let shared: Awaited<ReturnType<typeof startTestSandbox>>;

  before(async () => {
    makeModules(modules);
    makePrograms(programs);
    const options = { isLively: true, addPages: sandboxPageRoutes };
    shared = await startTestSandbox(scope, { database }, options);
  });

  suite("beside a sandbox", { concurrency: 1 }, () => {
    for (const page of pages) if (!startsServer(blocksIn(page))) followed(page);
  });

  suite("with a server of their own", { concurrency: 1 }, () => {
    for (const page of pages) if (startsServer(blocksIn(page))) followed(page);

    test("the workflow for CI can be followed in the folder of a project", (t) =>
      follow(t, workflow, workflowSteps(), true));

    test("all code of pages and examples is what the compiler takes", async () => {
      assert.deepEqual(await typeErrors(join(folder, "code"), blocks, modules), []);
    });
  });

  function followed(page: string): void {
    const ofPage = blocksIn(page);
    if (!ofPage.some((block) => isFollowed(block) || block.notes.has("run"))) return;
    test(`${page} can be followed from its beginning to its end`, (t) => follow(t, page, ofPage, startsServer(ofPage)));
  }

  /** @param isAlone  starts its own sandbox; otherwise it is beside the shared one, which begins anew for it */
  async function follow(t: TestContext, page: string, ofPage: readonly Block[], isAlone: boolean): Promise<void> {
    const place = join(folder, page.replaceAll("/", "-"));
    const project = join(place, "innbox");
    makeProject(project, modules);
    const port = isAlone ? await freePort() : Number(new URL(shared.url).port);
    if (!isAlone) await shared.sandbox("state/reset");
    const session = openSession({
      folder: project,
      localized: await localizer(t as Scope, place, ofPage, port),
      environment: {
        PATH: [programs, process.env.PATH].join(":"),
        HOME: place,
        LANG: "C.UTF-8",
        PROJECT: projectFolder,
        MODULES: modules,
        NODE_COMPILE_CACHE: join(projectFolder, "node_modules/.cache/innbox"),
        INNBOX_PORT: String(port),
        // The programs of examples/ listen to it.
        PLATFORM_ADDRESS: `http://127.0.0.1:${port}`,
        ...(isAlone ? {} : { INNBOX_DATABASE: database }),
      },
    });
    try {
      const run = ofPage.filter(({ notes }) => notes.has("run"));
      for (const block of ofPage) {
        if (isFollowed(block)) await session.follow(block);
        if (block === run.at(-1)) for (const each of programBlocks(run)) await session.follow(each);
      }
    } finally {
      await session.end();
    }
  }

  test("all data can be parsed, and commands for other machines are no nonsense", () => {
    for (const block of blocks) {
      const check = {
        json: () => JSON.parse(block.text) as unknown,
        yaml: () => parse(block.text) as unknown,
      }[block.language];
      assert.doesNotThrow(() => check?.(), placeOf(block));
      const reason = block.notes.get("elsewhere");
      if (reason === undefined) continue;
      assert.ok(reason, `${placeOf(block)} must say why it can't run here`);
      execFileSync("bash", ["-n"], { input: block.text, stdio: "pipe" });
    }
  });

  test("every link leads to a page and a heading that there are", () => {
    const links = pages.flatMap((page) => linksOf(page).map((link) => ({ page, link })));
    assert.ok(links.length > 50);
    for (const { page, link } of links) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : normalize(join(dirname(page), path));
      assert.ok(globSync(target, { cwd: projectFolder }).length > 0, `${page} leads to ${link}`);
      if (anchor) assert.ok(anchorsOf(target).has(anchor), `${page} leads to ${link}`);
    }
  });
});

/** What the workflow runs when all goes well, in the folder of somebody's project. */
function workflowSteps(): readonly Block[] {
  const { jobs } = parse(readFileSync(join(projectFolder, workflow), "utf8")) as Workflow;
  const common = { page: workflow, line: 1, notes: new Map() };
  const steps = Object.values(jobs).flatMap((job) => job.steps.filter((step) => step.if === undefined));
  const project = "mkdir owl && cd owl && npm init && npm pkg set type=module && npm install && cp ../examples/*.ts .";
  return [project, ...steps.flatMap(({ run }) => run ?? [])].map((text) => {
    return { ...common, language: "sh", text: `${text.trim()}\n` };
  });
}

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly run?: string; readonly if?: string }[] }>
  >;
}

/** The program that marked blocks make together, as a reader would save and run it. */
function programBlocks(run: readonly Block[]): readonly Block[] {
  const [first] = run;
  if (!first) return [];
  const { page, line } = first;
  const common = { page, line, notes: new Map() };
  return [
    { ...common, language: "ts", text: `// snippets.ts\n${programOf(run)}` },
    { ...common, language: "sh", text: "node snippets.ts\n" },
  ];
}

function linksOf(page: string): readonly string[] {
  const text = readFileSync(join(projectFolder, page), "utf8").replace(/^ *```.*?^ *```$/gms, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/.test(link));
}

/** The headings of a page as addresses have them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const text = readFileSync(join(projectFolder, page), "utf8").replace(/^ *```.*?^ *```$/gms, "");
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}
