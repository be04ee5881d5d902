import type { Fault, FaultState } from "../../protocol/sandbox/faults.ts";
import { faultStatuses, requestFaultKinds, webhookFaultKinds } from "../../protocol/sandbox/kinds.ts";
import { type Command, type Option, type Terminal, UsageError, type Values } from "../command.ts";
import { printJson, table } from "../printing.ts";
import { askSandbox, given, numberIn, oneOf, sandboxCommand, sandboxOptions } from "./sandbox-request.ts";

interface FaultsAnswer {
  readonly Faults: readonly FaultState[];
  readonly Seed: number;
}

const kinds = [...new Set([...requestFaultKinds, ...webhookFaultKinds])];

const faultOptions: readonly Option[] = [
  {
    name: "kind",
    placeholder: "KIND",
    description: `Of requests ${list(requestFaultKinds)}; of webhooks ${list(webhookFaultKinds)}.`,
    isRequired: true,
  },
  { name: "on", placeholder: "WHAT", description: "request or webhook. Default request, or whichever has the kind." },
  { name: "share", placeholder: "N", description: "Of the calls that it may bite, from 0 to 1. Default 1." },
  { name: "times", placeholder: "N", description: "Bite so often and be over. Default: for ever." },
  { name: "client", placeholder: "NAME", description: "Only calls of this client, as in 'Client 1'." },
  { name: "operation", placeholder: "NAME", description: "Only calls of this operation, as in messages/add." },
  { name: "status", placeholder: "N", description: `Of status: ${faultStatuses.join(", ")}.` },
  { name: "retry-after", placeholder: "SECONDS", description: "Of 429 and 503. Default 1." },
  { name: "delay", placeholder: "TIME", description: "Of delay: how long. Default 1s." },
  { name: "seed", placeholder: "N", description: "With the same seed the same calls are bitten. Default: as before." },
];

const faultCommand: Command = {
  name: "sandbox fault",
  summary: "Have something go wrong, besides what does already.",
  examples: [
    "sandbox fault status --status 429 --retry-after 5 --share 0.2",
    "sandbox fault disconnect --operation messages/add --times 3",
    "sandbox fault late --on webhook",
  ],
  operand: "kind",
  options: [...faultOptions, ...sandboxOptions],
  run: async (values, terminal) => {
    const fault = faultIn(values);
    const before = await askSandbox<FaultsAnswer>(values, "faults/getAll");
    const Faults = [...before.Faults.map(({ Fault }) => Fault), fault];
    const Seed = numberIn(values, "seed") ?? before.Seed;
    show(await askSandbox<FaultsAnswer>(values, "faults/set", { Faults, Seed }), values, terminal);
  },
};

function faultIn(values: Values): object {
  const Kind = oneOf(values, "kind", kinds);
  const isRequestKind = requestFaultKinds.some((kind) => kind === Kind);
  const On = oneOf(values, "on", ["Request", "Webhook"]) ?? (isRequestKind ? "Request" : "Webhook");
  const fitting: readonly string[] = On === "Request" ? requestFaultKinds : webhookFaultKinds;
  if (Kind !== undefined && !fitting.includes(Kind)) {
    throw new UsageError(`--kind must be one of ${fitting.join(", ")} on a ${On.toLowerCase()}, not "${Kind}".`);
  }
  return given({
    On,
    Kind,
    Share: numberIn(values, "share"),
    Times: numberIn(values, "times"),
    Client: values.text("client"),
    Operation: values.text("operation"),
    Status: numberIn(values, "status"),
    RetryAfterSeconds: numberIn(values, "retry-after"),
    Delay: values.text("delay"),
  });
}

const faultsCommand: Command = {
  name: "sandbox faults",
  summary: "List what goes wrong on purpose, and how often it did.",
  examples: ["sandbox faults"],
  options: sandboxOptions,
  run: async (values, terminal) => show(await askSandbox<FaultsAnswer>(values, "faults/getAll"), values, terminal),
};

const clearCommand = sandboxCommand<FaultsAnswer>({
  name: "faults-clear",
  summary: "Have nothing go wrong any more.",
  examples: ["faults-clear"],
  operation: "faults/set",
  input: () => ({ Faults: [] }),
  note: () => "Nothing goes wrong on purpose any more.",
});

function show(answer: FaultsAnswer, values: Values, terminal: Terminal): void {
  if (values.has("json")) printJson(terminal, answer);
  else if (answer.Faults.length === 0) terminal.note("Nothing goes wrong on purpose; see innbox sandbox fault --help.");
  else terminal.out(table(["ON", "KIND", "DETAILS", "SEEN", "BITTEN"], answer.Faults.map(cellsOf)));
}

function cellsOf({ Fault, Seen, Bitten }: FaultState): string[] {
  return [Fault.On, Fault.Kind, detailsOf(Fault), String(Seen), String(Bitten)];
}

function detailsOf({ On: _, Kind: __, ...details }: Fault): string {
  const shown = Object.entries(details).filter(([, value]) => value !== undefined && value !== null);
  return shown.map(([name, value]) => `${name} ${value}`).join(", ") || "-";
}

function list(names: readonly string[]): string {
  return names.join(", ").toLowerCase();
}

export const sandboxFaultCommands: readonly Command[] = [faultsCommand, faultCommand, clearCommand];
