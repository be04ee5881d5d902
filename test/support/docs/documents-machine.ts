import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectFolder } from "../server/process.ts";

/** What of the project somebody has in front of them. */
const parts = [
  "src",
  "web",
  "docs",
  "test",
  "bench",
  "client",
  "package.json",
  "compose.yaml",
  "compose.postgres.yaml",
];

/** A copy of the project, mostly by links, in which a page is followed. */
export function makeProject(folder: string, modules: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of parts) symlinkSync(join(projectFolder, name), join(folder, name));
  // A program finds packages from where it really is.
  cpSync(join(projectFolder, "examples"), join(folder, "examples"), { recursive: true });
  symlinkSync(modules, join(folder, "node_modules"));
  // What `npm ci` builds, and this project's own door.
  mkdirSync(join(folder, "dist"));
  cpSync(join(modules, "innbox/0.js"), join(folder, "dist/testing.js"));
}

/** `node_modules` as npm would install it, with the sources of this package in place of what is built of them. */
export function makeModules(folder: string): void {
  const place = (name: string) => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  stub(place("innbox"), { "./testing": "src/testing.ts" });
  stub(place("vitest"), { ".": "test/support/docs/documents-vitest.ts" });
  for (const name of [".bin", "@innbox", "standardwebhooks", "ws", "yaml", "@types"]) {
    symlinkSync(join(projectFolder, "node_modules", name), join(folder, name));
  }
}

/** A package whose doors are modules of the project. */
function stub(folder: string, doors: Readonly<Record<string, string>>): void {
  const exports = Object.fromEntries(Object.keys(doors).map((door, index) => [door, `./${index}.js`]));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", exports }));
  for (const [index, path] of Object.values(doors).entries()) {
    writeFileSync(join(folder, `${index}.js`), `export * from "${pathToFileURL(join(projectFolder, path))}";\n`);
  }
}

/**
 * Programs that stand before the machine's: npm without what it does to the network and to the project, and curl that
 * fails where a server refuses.
 */
export function makePrograms(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const source = join(projectFolder, "test/support/docs/documents-programs");
  for (const name of readdirSync(source)) {
    cpSync(join(source, name), join(folder, name));
    chmodSync(join(folder, name), 0o755);
  }
  symlinkSync(process.execPath, join(folder, "node"));
}

const given = new Set<number>();

/** A port on which no program listens, another one each time. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  if (given.has(port)) return freePort();
  given.add(port);
  return port;
}
