import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as frontDeskModule from "../support/browser/front-desk.ts";
import { quickFolder } from "../support/run/quick-folder.ts";
import { fileScope } from "../support/run/scope.ts";
import { projectFolder } from "../support/server/process.ts";
import type * as serverModule from "../support/server/server.ts";

/** What is to be done to a file: it is made, or changed as a diff says. */
interface Step {
  readonly file: string;
  readonly language: string;
  readonly text: string;
}

/** The steps of CONTRIBUTING, each with the file that it names first. */
const connectorSteps = stepsOf("CONTRIBUTING.md", "## Add an operation");

/** The same for an operation of the staff API. */
const staffSteps: readonly Step[] = [
  {
    file: "src/protocol/staff/workplaces.ts",
    language: "typescript",
    text: `import Type from "typebox";
import { describeOperation } from "../operation.ts";

export const countWorkplaces = describeOperation({
  resource: "workplaces",
  action: "count",
  summary: "Count workplaces",
  description: "At how many properties the caller works.",
  input: Type.Object({}),
  output: Type.Object({ Count: Type.Integer() }),
  example: { request: {}, answer: { Count: 1 } },
});
`,
  },
  {
    file: "src/api/staff/workplaces.ts",
    language: "typescript",
    text: `import { countWorkplaces } from "../../protocol/staff/workplaces.ts";
import { staffOperation } from "./staff-operation.ts";

export const count = staffOperation(countWorkplaces, "read", (_context, { scope }) => ({
  body: { Count: scope.enterpriseIds.length },
}));
`,
  },
  {
    file: "src/api/staff/operations.ts",
    language: "diff",
    text: `+import * as workplaces from "./workplaces.ts";
 import { userOperations } from "./users.ts";
@@
   ...webhookOperations,
+  workplaces.count,
 ];
`,
  },
  {
    file: "test/staff/workplaces.test.ts",
    language: "typescript",
    text: `import assert from "node:assert/strict";
import { test } from "node:test";
import { frontDesk } from "../support/browser/front-desk.ts";
import { net } from "../support/server/world.ts";

test("people learn at how many properties they work", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  assert.equal((await alice.call("workplaces/count")).text, '{"Count":1}');
});
`,
  },
];

const scope = fileScope();
const copy = quickFolder("innbox-add-operation-");
scope.after(() => rmSync(copy, { recursive: true, force: true }));

const imported = <Module>(file: string): Promise<Module> => import(pathToFileURL(join(copy, file)).href);

before(() => {
  const taken = ["src", "client", "test", "web/dist", "package.json", "tsconfig.json"];
  for (const path of taken) cpSync(join(projectFolder, path), join(copy, path), { recursive: true });
  symlinkSync(join(projectFolder, "node_modules"), join(copy, "node_modules"));
  for (const step of [...connectorSteps, ...staffSteps]) take(step);
});

test("an operation is added in at most four steps in at most three folders", () => {
  for (const steps of [connectorSteps, staffSteps]) {
    assert.ok(steps.length > 0 && steps.length <= 4);
    assert.ok(new Set(steps.map(({ file }) => dirname(file))).size <= 3);
  }
});

test("an operation that was added as CONTRIBUTING says is served and described", async (t) => {
  const { startSandbox } = await imported<typeof serverModule>("test/support/server/server.ts");
  const { url, call } = await startSandbox(t);
  const { status, text } = await call("accessToken/get");
  assert.equal(status, 200);
  assert.equal(text, '{"ExpiresUtc":null}');
  assert.equal(await summaryIn(`${url}/openapi.json`, "/api/connector/v1/accessToken/get"), "Get the access token (+)");
});

test("so is one of the staff API, which refuses those who have not signed in", async (t) => {
  const { frontDesk } = await imported<typeof frontDeskModule>("test/support/browser/front-desk.ts");
  const desk = await frontDesk(t);
  const olga = await desk.hire("Olga", "Owner");
  assert.equal((await olga.call("workplaces/count")).status, 200);
  assert.equal((await desk.welcome({ ...olga, cookie: "" }).call("workplaces/count")).status, 401);
  const path = "/api/staff/v1/workplaces/count";
  assert.equal(await summaryIn(`${desk.url}/openapi-staff.json`, path), "Count workplaces");
});

test("what was added is what the compiler takes, and its own tests and those of all operations pass", () => {
  const tests = [...connectorSteps, ...staffSteps].map(({ file }) => file).filter((file) => file.startsWith("test/"));
  const walks = ["test/api/description.test.ts", "test/staff/rights.test.ts"];
  const configuration = { extends: "./tsconfig.json", include: ["src", ...tests] };
  writeFileSync(join(copy, "tsconfig.added.json"), JSON.stringify(configuration));
  const run = (...args: readonly string[]) => {
    // A runner of tests in one would only report to it.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    execFileSync(process.execPath, args, { cwd: copy, env, encoding: "utf8" });
  };
  run("node_modules/typescript/bin/tsc", "-p", "tsconfig.added.json");
  run("--test", ...tests, ...walks);
});

function stepsOf(page: string, heading: string): readonly Step[] {
  const [, section = ""] = readFileSync(join(projectFolder, page), "utf8").split(`\n${heading}\n`);
  const [steps = ""] = section.split("\n## ");
  const step =
    /^\d\. [^`]+`(?<file>[^`]+)`[^`]*(?:`[^`]+`[^`]*)*?\n\n {3}```(?<language>\w+)\n(?<text>[\s\S]*?) {3}```$/gm;
  return [...steps.matchAll(step)].map(({ groups: { file = "", language = "", text = "" } = {} }) => ({
    file,
    language,
    text: text.replaceAll(/^ {3}/gm, ""),
  }));
}

function take({ file, language, text }: Step): void {
  const place = join(copy, file);
  if (language !== "diff") {
    writeFileSync(place, text, { flag: "wx" });
    return;
  }
  let changed = readFileSync(place, "utf8");
  for (const hunk of text.split("@@\n")) {
    const lines = hunk.split("\n").slice(0, -1);
    const from = linesOf(lines.filter((line) => !line.startsWith("+")));
    assert.equal(changed.split(from).length, 2, `${file} has once: ${from}`);
    changed = changed.replace(from, () => linesOf(lines));
  }
  writeFileSync(place, changed);
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line.slice(1)}\n`).join("");
}

/** How an API's description in OpenAPI calls an operation. */
async function summaryIn(address: string, path: string): Promise<string | undefined> {
  const { paths } = (await (await fetch(address)).json()) as {
    readonly paths: Readonly<Record<string, { readonly post: { readonly summary: string } }>>;
  };
  return paths[path]?.post.summary;
}
