import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../../..", import.meta.url));

/** Packages by their names, each with the path of what npm packed. */
export type Tarballs = Readonly<Record<"innbox" | "@innbox/client", string>>;

/** Packs both packages in a copy that has nothing but what `.dockerignore` lets through, and what is installed here. */
export function packPackages(folder: string, environment: NodeJS.ProcessEnv): Tarballs {
  const source = join(folder, "source");
  const target = join(folder, "tarballs");
  mkdirSync(target, { recursive: true });
  copyContext(source);
  symlinkSync(join(project, "node_modules"), join(source, "node_modules"));
  for (const which of [[], ["--workspace=client"]]) {
    execFileSync("npm", ["pack", ...which, "--pack-destination", target], {
      cwd: source,
      env: environment,
      stdio: "pipe",
    });
  }
  const [client = ""] = globSync(join(target, "innbox-client-*.tgz"));
  const [innbox = ""] = globSync(join(target, "innbox-[0-9]*.tgz"));
  return { innbox, "@innbox/client": client };
}

/** What of this project is sent to a container engine. */
function copyContext(target: string): void {
  const lines = readFileSync(join(project, ".dockerignore"), "utf8").split("\n");
  const ignored = new Set(lines.filter((line) => !line.startsWith("!")));
  const filter = (path: string) => !ignored.has(relative(project, path));
  for (const line of lines.filter((text) => text.startsWith("!"))) {
    cpSync(join(project, line.slice(1)), join(target, line.slice(1)), { recursive: true, filter });
  }
}
