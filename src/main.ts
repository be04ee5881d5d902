import { enableCompileCache } from "node:module";
import type { Terminal } from "./cli/command.ts";

enableCompileCache();

// Loaded after the cache is on, so that the next start reads compiled code.
const { runCommandLine } = await import("./cli/run.ts");

const terminal: Terminal = {
  out: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
  environment: process.env,
};

process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
