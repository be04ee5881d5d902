import { execFile } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { projectFolder } from "../server/process.ts";
import { type Block, fileNameOf, placeOf } from "./documents.ts";

const isCode = ({ language }: Block) => language === "ts" || language === "js";

/**
 * The program that blocks make together: each of a page goes on where the one before ended, with one import of what
 * several import.
 */
export function programOf(blocks: readonly Block[]): string {
  const imports = new Map<string, Set<string>>();
  const bodies = blocks.map((block) => {
    const body = block.text.replace(/^import \{ ([^}]+) \} from "([^"]+)";\n/gm, (_, names: string, from: string) => {
      const known = imports.get(from) ?? new Set();
      imports.set(from, known);
      for (const name of names.split(", ")) known.add(name);
      return "";
    });
    return `// ${placeOf(block)}\n${body}`;
  });
  const lines = [...imports].map(([from, names]) => `import { ${[...names].join(", ")} } from "${from}";\n`);
  return `${lines.join("")}${bodies.join("")}export {};\n`;
}

/**
 * Has the compiler check the examples and all code of all pages, each page's as one program beside the files that it
 * names.
 * @returns what it found, a line each
 */
export function typeErrors(folder: string, blocks: readonly Block[], modules: string): Promise<readonly string[]> {
  const code = blocks.filter(isCode);
  for (const page of new Set(code.map((block) => block.page))) {
    const ofPage = code.filter((block) => block.page === page);
    const place = join(folder, page.replaceAll("/", "-").replace(".md", ""));
    mkdirSync(place, { recursive: true });
    for (const block of ofPage) write(place, fileNameOf(block), block.text);
    write(place, "page.ts", programOf(ofPage.filter((block) => fileNameOf(block) === undefined)));
  }
  cpSync(join(projectFolder, "examples"), join(folder, "examples"), { recursive: true });
  symlinkSync(modules, join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration));
  return compile(folder);
}

const configuration = {
  extends: join(projectFolder, "tsconfig.json"),
  compilerOptions: {
    noUnusedLocals: false,
    noUnusedParameters: false,
    allowJs: true,
    lib: ["esnext", "dom", "dom.iterable"],
    paths: {
      "innbox/testing": [join(projectFolder, "src/testing.ts")],
      vitest: [join(projectFolder, "test/support/docs/documents-vitest.ts")],
    },
  },
  include: ["."],
};

function write(folder: string, name: string | undefined, text: string): void {
  if (name === undefined) return;
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

async function compile(folder: string): Promise<readonly string[]> {
  const compiler = join(projectFolder, "node_modules/typescript/bin/tsc");
  const run = promisify(execFile)(process.execPath, [compiler, "-p", folder, "--pretty", "false"], { cwd: folder });
  const { stdout } = await run.catch((error: { readonly stdout: string }) => error);
  return stdout.split("\n").filter((line) => line !== "");
}
