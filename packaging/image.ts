import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Instruction, type Start, stagesOf, startOf } from "./dockerfile.ts";

const project = fileURLToPath(new URL("..", import.meta.url));

/** Where the last stage is, what it starts, and what was packed on the way. */
export interface Image extends Start {
  readonly root: string;
  readonly tarball: string;
}

/**
 * Carries out the Dockerfile without a container engine: each stage in a folder of its own, on the Node that runs this.
 * @param isOffline  takes packages and built pages from this project instead of installing and building them
 */
export function makeImage(folder: string, isOffline: boolean): Image {
  const stages = stagesOf(readFileSync(join(project, "Dockerfile"), "utf8"));
  const roots = stages.map((_, number) => join(folder, `stage-${number}`));
  for (const [number, stage] of stages.entries()) carryOut(stage, roots[number] ?? "", roots, isOffline);

  const root = roots.at(-1) ?? "";
  const [tarball = ""] = globSync(join(folder, "stage-*/tmp/*.tgz"));
  const start = startOf(stages.at(-1) ?? []);
  const { environment, command, healthCheck } = start;
  return {
    root,
    tarball,
    environment: Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, within(root, text)])),
    command: command.map((word) => within(root, word)),
    healthCheck: healthCheck.map((word) => within(root, word)),
    folder: within(root, start.folder),
    user: start.user,
  };
}

/** A text whose paths are those of an image, with those that they have here. */
function within(root: string, text: string): string {
  const ofImage = text.replaceAll(/(?<![\w./-])\/(?=(?:app|data|source|tmp)\b)/g, `${root}/`);
  return ofImage.replaceAll("/nodejs/bin/node", process.execPath);
}

function carryOut(stage: readonly Instruction[], root: string, roots: readonly string[], isOffline: boolean): void {
  let folder = root;
  for (const path of ["tmp", "app"]) mkdirSync(join(root, path), { recursive: true });
  for (const { keyword, text } of stage) {
    if (keyword === "WORKDIR") {
      folder = within(root, text);
      mkdirSync(folder, { recursive: true });
    } else if (keyword === "COPY") {
      copy(text, root, folder, roots);
    } else if (keyword === "RUN") {
      for (const command of text.split(" && ")) run(within(root, command.trim()), folder, isOffline);
    }
  }
}

function copy(text: string, root: string, folder: string, roots: readonly string[]): void {
  const paths = text.split(" ").filter((word) => !word.startsWith("--"));
  const target = paths.pop() ?? "";
  if (text.includes("--from=")) {
    for (const path of paths) cpSync(join(roots[0] ?? "", path), join(root, target), verbatim);
  } else {
    const { names, isLetThrough } = ignoreRules();
    const filter = (path: string) => isLetThrough(relative(project, path));
    for (const path of paths[0] === "." ? names : paths) {
      cpSync(join(project, path), join(folder, path), { ...verbatim, filter });
    }
  }
}

const verbatim = { recursive: true, verbatimSymlinks: true } as const;

/** What .dockerignore lets through: names, and within them all but what follows them there. */
function ignoreRules() {
  const lines = readFileSync(join(project, ".dockerignore"), "utf8").split("\n");
  const names = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  const ignored = new Set(lines.filter((line) => !line.startsWith("!")));
  return { names, isLetThrough: (path: string) => !ignored.has(path) };
}

function run(command: string, folder: string, isOffline: boolean): void {
  if (isOffline && command.startsWith("npm ci")) {
    link(folder, command.includes("--omit=dev"));
    return;
  }
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  execFileSync("sh", ["-c", command], { cwd: folder, env: { ...process.env, PATH }, stdio: "pipe", encoding: "utf8" });
}

/** What `npm ci` would install, taken from this project. */
function link(folder: string, isProduction: boolean): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of isProduction ? productionPackages() : readdirSync(join(project, "node_modules"))) {
    // The pages are built already, and nothing else needs it.
    if (name === "vite") continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(project, "node_modules", name), join(modules, name));
  }
  if (!isProduction) cpSync(join(project, "web/dist"), join(folder, "web/dist"), verbatim);
}

/** The packages that come with Innbox itself; those that only one of them has come with that one. */
export function productionPackages(): readonly string[] {
  const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
  };
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path.lastIndexOf("node_modules/") === 0 && !dev && !devOptional)
    .map(([path]) => path.replace("node_modules/", ""));
}

if (import.meta.main) {
  const [folder = "image"] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify(makeImage(folder, false), null, 2)}\n`);
}
