import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { duration } from "../../core/duration.ts";
import { Problem } from "../../core/problem.ts";
import type { ClientReport } from "../../rehearsal/rehearsal.ts";
import { type Command, type Terminal, UsageError, type Values } from "../command.ts";
import type { Strictness } from "../rehearsal-report.ts";
import { askSandbox, sandboxOptions } from "../sandbox/sandbox-request.ts";
import type { WatchedTraffic } from "../sandbox/watched-traffic.ts";

const longest = duration("24h");

export const rehearseCommand: Command = {
  name: "rehearse",
  summary: "Watch a partner's traffic, and grade it as a certification would.",
  examples: [
    "rehearse --for 10m",
    'rehearse --client "Client 1" --need retry-after,webhook-answers --strict',
    "rehearse --log traffic.json --json",
  ],
  options: [
    { name: "for", placeholder: "TIME", description: "How long to watch. Default 5m; Ctrl+C ends it early." },
    { name: "log", placeholder: "FILE", description: "Grade a recorded log, or - for stdin, instead of watching." },
    { name: "client", placeholder: "NAME", description: "Only this client. Default: each one that is seen." },
    {
      name: "need",
      placeholder: "LIST",
      description: "Rules that fail when they were not seen, as in polling,paging; or all.",
    },
    { name: "strict", description: "Warnings fail too." },
    ...sandboxOptions,
  ],
  run: async (values, terminal) => {
    // Loaded when it runs: no other command waits for it.
    const { rehearse } = await import("../../rehearsal/rehearsal.ts");
    const { isFailed, jsonReport, textReport } = await import("../rehearsal-report.ts");
    const strictness = await strictnessOf(values);
    const { entries, until } = await traffic(values, terminal);
    const clients = chosen(rehearse(entries, until), values.text("client"));
    terminal.out((values.has("json") ? jsonReport : textReport)(clients, strictness));
    const failed = clients.filter(({ rules }) => rules.some((each) => isFailed(each, strictness)));
    if (failed.length === 0) return;
    throw new Problem("unavailable", `Not there yet: ${failed.map(({ client }) => client).join(", ")}.`);
  },
};

async function strictnessOf(values: Values): Promise<Strictness> {
  const { rules } = await import("../../rehearsal/rules.ts");
  const names = rules.map(({ name }) => name);
  const given =
    values
      .text("need")
      ?.split(",")
      .map((name) => name.trim()) ?? [];
  const unknown = given.find((name) => name !== "all" && !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`--need must be all, or of ${names.join(",")}, not "${unknown}".`);
  return { isStrict: values.has("strict"), needed: given.includes("all") ? names : given };
}

async function traffic(values: Values, terminal: Terminal): Promise<WatchedTraffic> {
  const log = values.text("log");
  if (log === undefined) return watch(values, terminal);
  const other = ["for", "url", "world"].find((name) => values.has(name));
  if (other) throw new UsageError(`--${other} is for watching; leave it out with --log.`);
  const { readLog } = await import("../../rehearsal/recorded-log.ts");
  return { entries: readLog(await contentOf(log)), until: undefined };
}

async function contentOf(log: string): Promise<string> {
  if (log === "-") return textOf(process.stdin);
  try {
    return await readFile(log, "utf8");
  } catch (error) {
    throw new Problem("unavailable", `${log} can't be read.`, { cause: error });
  }
}

async function watch(values: Values, terminal: Terminal): Promise<WatchedTraffic> {
  const { watchTraffic } = await import("../sandbox/watched-traffic.ts");
  const time = timeOf(values);
  const ask = <Answer>(operation: string, input: object) => askSandbox<Answer>(values, operation, input);
  const isOver = new AbortController();
  const end = () => isOver.abort();
  const timer = setTimeout(end, time);
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  try {
    return await watchTraffic(ask, isOver.signal, (text) => terminal.note(text));
  } finally {
    clearTimeout(timer);
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
  }
}

/** How long to watch, in milliseconds. @throws UsageError for what is no time, or longer than a day */
function timeOf(values: Values): number {
  const text = values.text("for") ?? "5m";
  try {
    const time = duration(text);
    if (time > longest) throw new UsageError("must be at most 24h");
    return time;
  } catch (error) {
    throw new UsageError(`--for ${error instanceof Error ? error.message : error}, not "${text}".`);
  }
}

/** The client that is to be graded, or all. @throws Problem (unavailable) when there is nothing to grade */
function chosen(clients: readonly ClientReport[], name: string | undefined): readonly ClientReport[] {
  const list = clients.map(({ client }) => `"${client}"`).join(", ");
  if (clients.length === 0)
    throw new Problem("unavailable", "Nothing went over the wire, so there is nothing to grade.");
  if (name === undefined) return clients;
  const found = clients.filter(({ client, names }) => client === name || names.includes(name));
  if (found.length > 0) return found;
  throw new Problem("unavailable", `Nothing is of a client "${name}"; there is traffic of ${list}.`);
}
