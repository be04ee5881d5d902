import type { Terminal } from "./cli/command.ts";
import { runCommandLine } from "./cli/run.ts";

const terminal: Terminal = {
  out: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
  environment: process.env,
};

process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
