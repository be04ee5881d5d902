import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const modulesHere = join(root, "node_modules");

/**
 * Makes a project in which packed packages are installed as npm would do it, their dependencies taken from this
 * project, so that no network is needed. What a package does not name among its dependencies is not found.
 */
export function makeProject(folder: string, tarballs: readonly string[]): void {
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "somebody", private: true }));
  for (const tarball of tarballs) unpack(folder, tarball);
  for (const name of productionPackages()) linkModule(folder, name);
}

/** Makes a package of this project available that somebody installs beside Innbox. */
export function linkModule(folder: string, name: string): void {
  const place = join(folder, "node_modules", name);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(join(modulesHere, name), place);
}

function unpack(folder: string, tarball: string): void {
  const read = execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" });
  const { name, bin = {} } = JSON.parse(read) as { name: string; bin?: Readonly<Record<string, string>> };
  const place = join(folder, "node_modules", name);
  mkdirSync(place, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", place]);
  for (const [command, path] of Object.entries(bin)) {
    symlinkSync(join(place, path), join(folder, "node_modules/.bin", command));
  }
}

/** The packages that come with Innbox itself; those that only one of them needs stand within that one. */
function productionPackages(): readonly string[] {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Readonly<
      Record<string, { readonly dev?: boolean; readonly devOptional?: boolean; readonly link?: boolean }>
    >;
  };
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional, link }]) => {
      const isTop = path.lastIndexOf("node_modules/") === 0;
      return isTop && !dev && !devOptional && !link;
    })
    .map(([path]) => path.replace("node_modules/", ""));
}
