import { execFileSync } from "node:child_process";
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Compiles src/ into dist/ file by file, since Node strips types nowhere below node_modules. */
const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "src");
const target = join(root, "dist");

rmSync(target, { recursive: true, force: true });
const compiler = join(dirname(fileURLToPath(import.meta.resolve("typescript/package.json"))), "bin/tsc");
execFileSync(process.execPath, [compiler, "-p", join(root, "packaging")], { stdio: "inherit" });

// The compiler renames files in imports, and not those in `new URL("….ts", import.meta.url)`, as threads are started.
const fileByUrl = /(?<=new URL\(")(\.{1,2}\/[^"]+)\.ts(?=", import\.meta\.url\))/g;
for (const name of globSync("**/*.js", { cwd: target })) {
  const file = join(target, name);
  const text = readFileSync(file, "utf8");
  const renamed = text.replace(fileByUrl, "$1.js");
  if (renamed !== text) writeFileSync(file, renamed);
}

for (const name of globSync("**/*.*", { cwd: source })) {
  if (!name.endsWith(".ts")) cpSync(join(source, name), join(target, name), { recursive: true });
}

// Only these files of swagger-ui-dist are served; the others are six times as large.
const swaggerUi = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/package.json")));
for (const name of ["swagger-ui.css", "swagger-ui-bundle.js", "LICENSE", "NOTICE"]) {
  cpSync(join(swaggerUi, name), join(target, "pages/swagger-ui", name));
}

// Removes all types but those that can be reached from innbox/testing, the one module that others import.
const reachable = new Set<string>();
const reach = (file: string): void => {
  if (reachable.has(file)) return;
  reachable.add(file);
  const imports = readFileSync(file, "utf8").matchAll(/(?<=from |import\()"(\.{1,2}\/[^"]+)\.ts"/g);
  for (const [, path = ""] of imports) reach(join(dirname(file), `${path}.d.ts`));
};
reach(join(target, "testing.d.ts"));
for (const name of globSync("**/*.d.ts", { cwd: target })) {
  if (!reachable.has(join(target, name))) rmSync(join(target, name));
}
