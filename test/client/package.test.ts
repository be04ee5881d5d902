import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../client/", import.meta.url));
const files = globSync("src/*.ts", { cwd: folder });
const textOf = (file: string) => readFileSync(folder + file, "utf8");

test("the client is a package of its own: nothing of the server, of Node or of others is imported", () => {
  for (const file of files) {
    for (const [, path = ""] of textOf(file).matchAll(/(?:from|import\() ?"([^"]+)"/g)) {
      assert.match(path, /^\.\/[a-z-]+\.ts$/, `${file} imports ${path}`);
    }
  }
  assert.ok(files.length > 10, "the files were read");
  const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(textOf("package.json"));
  assert.deepEqual([dependencies, peerDependencies, optionalDependencies], [undefined, undefined, undefined]);
});

test("a program that imports the package finds what its guide names", async () => {
  const door: Readonly<Record<string, unknown>> = await import("@innbox/client");
  const guide = textOf("README.md");
  for (const [, names = ""] of guide.matchAll(/import \{([^}]+)\} from "@innbox\/client"/g)) {
    for (const name of names.split(",").map((one) => one.trim())) {
      if (name !== "" && !name.startsWith("type ")) assert.ok(name in door, name);
    }
  }
  const errors = Object.keys(door).filter((name) => name.endsWith("Error"));
  for (const name of errors) assert.ok(guide.includes(`\`${name}\``), `${name} is not in the guide`);
  assert.ok(errors.length > 10);
});
