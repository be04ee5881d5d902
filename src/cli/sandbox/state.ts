import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Problem } from "../../core/problem.ts";
import type { Command, Option } from "../command.ts";
import { printJson, table } from "../printing.ts";
import { askSandbox, callSandbox, given, sandboxCommand, sandboxOptions } from "./sandbox-request.ts";

function nameOption(description: string): Option {
  return { name: "name", placeholder: "NAME", description, isRequired: true };
}

const resetCommand = sandboxCommand({
  name: "reset",
  summary: "Start the world afresh: data, clock, faults, autopilot and what went over the wire.",
  examples: ["reset", "reset --world checkout"],
  operation: "state/reset",
  note: () => "The world is as it was in the beginning.",
});

const snapshotCommand = sandboxCommand({
  name: "snapshot",
  summary: "Keep all data of the world under a name, until the sandbox ends.",
  examples: ["snapshot before-checkout"],
  operand: "name",
  options: [nameOption("What it is called: lower-case letters, digits and hyphens.")],
  operation: "state/snapshot",
  input: (values) => ({ Name: values.required("name") }),
  note: (_, values) => `Taken; innbox sandbox restore ${values.required("name")} brings it back.`,
});

const restoreCommand = sandboxCommand({
  name: "restore",
  summary: "Bring back what a snapshot kept.",
  examples: ["restore before-checkout", "restore before-checkout --world another"],
  operand: "name",
  options: [nameOption("Of the snapshot.")],
  operation: "state/restore",
  input: (values) => ({ Name: values.required("name") }),
  note: (_, values) => `All data are as they were when ${values.required("name")} was taken.`,
});

const snapshotsCommand = sandboxCommand<{ Snapshots: readonly { Name: string; TakenUtc: string }[] }>({
  name: "snapshots",
  summary: "List the snapshots.",
  examples: ["snapshots"],
  operation: "state/getAllSnapshots",
  out: ({ Snapshots }) =>
    table(
      ["NAME", "TAKEN"],
      Snapshots.map(({ Name, TakenUtc }) => [Name, TakenUtc]),
    ),
});

const forkCommand = sandboxCommand({
  name: "fork",
  summary: "Make another world of this one, with all that was said or with what was said up to a time.",
  examples: ["fork what-if", "fork what-if --at 2026-05-05T20:12:03Z"],
  operand: "name",
  options: [
    nameOption("Of the new world, which is then at http://NAME.localhost:8080."),
    { name: "at", placeholder: "TIME", description: "Up to this time, itself included. Default: everything." },
  ],
  operation: "state/fork",
  input: (values) => given({ Name: values.required("name"), AtUtc: values.text("at") }),
  note: (_, values) => `There is a world ${values.required("name")} now.`,
});

const worldsCommand = sandboxCommand<{ Worlds: readonly { Name: string; IsDefault: boolean }[] }>({
  name: "worlds",
  summary: "List the worlds that are in use.",
  examples: ["worlds"],
  operation: "worlds/getAll",
  out: ({ Worlds }) =>
    table(
      ["NAME", "DEFAULT"],
      Worlds.map(({ Name, IsDefault }) => [Name, IsDefault ? "yes" : "no"]),
    ),
});

const dropCommand = sandboxCommand({
  name: "drop",
  summary: "Drop a world with all that is in it.",
  examples: ["drop what-if"],
  operand: "world",
  options: [{ name: "world", placeholder: "NAME", description: "Which; the default one stays.", isRequired: true }],
  operation: "worlds/drop",
  note: (_, values) => `The world ${values.required("world")} is gone.`,
});

const exportCommand: Command = {
  name: "sandbox export",
  summary: "Write all data of the world as JSON lines, to a file or to the terminal.",
  examples: ["sandbox export --out friday.jsonl", "sandbox export | wc -l"],
  options: [
    { name: "out", placeholder: "FILE", description: "Where to. Default: the terminal." },
    ...sandboxOptions.filter(({ name }) => name !== "json"),
  ],
  run: async (values, terminal) => {
    const { body } = await callSandbox(values, "export", { method: "GET" });
    const lines = Readable.fromWeb(body ?? new ReadableStream());
    const out = values.text("out");
    if (out === undefined) {
      for await (const line of createInterface({ input: lines })) terminal.out(line);
      return;
    }
    await pipeline(lines, createWriteStream(out)).catch((error: unknown) => {
      throw new Problem("unavailable", `${out} can't be written: ${error instanceof Error ? error.message : error}.`);
    });
    terminal.note(`Wrote all data to ${out}.`);
  },
};

const importCommand: Command = {
  name: "sandbox import",
  summary: "Take in what was exported, in place of all data of the world.",
  examples: ["sandbox import friday.jsonl"],
  operand: "file",
  options: [
    { name: "file", placeholder: "FILE", description: "What innbox sandbox export wrote.", isRequired: true },
    ...sandboxOptions,
  ],
  run: async (values, terminal) => {
    const file = values.required("file");
    const Lines = await linesIn(file);
    const answer = await askSandbox(values, "state/import", { Lines });
    if (values.has("json")) return printJson(terminal, answer);
    terminal.note(`The world has what ${file} had.`);
  },
};

async function linesIn(file: string): Promise<string[]> {
  try {
    const lines = await Array.fromAsync(createInterface({ input: createReadStream(file) }));
    return lines.filter((line) => line !== "");
  } catch (error) {
    throw new Problem("unavailable", `${file} can't be read: ${error instanceof Error ? error.message : error}.`);
  }
}

export const sandboxStateCommands: readonly Command[] = [
  resetCommand,
  snapshotCommand,
  restoreCommand,
  snapshotsCommand,
  forkCommand,
  exportCommand,
  importCommand,
  worldsCommand,
  dropCommand,
];
