import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, type Plugin } from "vite";

/** Builds the pages into web/dist, each into a folder of its name; with --watch again at each change of their files. */
const web = fileURLToPath(new URL(".", import.meta.url));
const isWatching = process.argv.includes("--watch");

/** Each page with the folder of its index.html. */
const pages = { inbox: `${web}inbox/`, sandbox: `${web}sandbox/` };

/** Leaves a brotli and a gzip variant beside each file, so that the server compresses nothing. */
function compress(folder: string): Plugin {
  return {
    name: "compress",
    writeBundle: () => {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || /\.(?:br|gz)$/.test(entry.name)) continue;
        const file = `${entry.parentPath}/${entry.name}`;
        const body = readFileSync(file);
        const params = { [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
        writeFileSync(`${file}.br`, brotliCompressSync(body, { params }));
        writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }));
      }
    },
  };
}

for (const [name, root] of Object.entries(pages)) {
  const folder = `${web}dist/${name}`;
  await build({
    root,
    base: `/${name}/`,
    configFile: false,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: ["chrome123", "firefox121", "safari17.5"],
      modulePreload: { polyfill: false },
      // A file within a file would need more than the page's policy allows.
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      watch: isWatching ? {} : null,
    },
    plugins: [compress(folder)],
  });
}
