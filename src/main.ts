import type { Terminal } from "./cli/command.ts";
import { runCommandLine } from "./cli/run.ts";

const terminal: Terminal = {
  out: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
  environment: process.env,
};

// EPIPE: the reader of the output has ended, as in innbox client list | head. That is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  terminal.note(`The output can't be written (${error.code ?? error.message}).`);
  process.exit(1);
});
// A failure of stderr can be written nowhere, so it is ignored. To touch the stream is also what keeps writes to a pipe
// from blocking.
process.stderr.on("error", () => undefined);

process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
