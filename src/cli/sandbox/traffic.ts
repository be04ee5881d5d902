import { eventDiscriminators } from "../../protocol/connector/event-names.ts";
import type { TrafficEntry } from "../../protocol/sandbox/traffic.ts";
import type { Command, Terminal, Values } from "../command.ts";
import { printJson, printMade } from "../printing.ts";
import { eventsIn } from "./event-stream.ts";
import { askSandbox, callSandbox, given, numberIn, sandboxOptions } from "./sandbox-request.ts";

const trafficCommand: Command = {
  name: "sandbox traffic",
  summary: "Show what went over the wire: requests, webhooks and sockets.",
  examples: ["sandbox traffic", "sandbox traffic --count 5 --json", "sandbox traffic --follow"],
  options: [
    { name: "count", placeholder: "N", description: "The latest ones. Default 100." },
    { name: "follow", description: "Go on showing what comes." },
    ...sandboxOptions,
  ],
  run: async (values, terminal) => {
    const Count = numberIn(values, "count") ?? 100;
    const answer = await askSandbox<{ Traffic: readonly TrafficEntry[] }>(values, "traffic/getAll", { Count });
    if (!values.has("follow")) {
      if (values.has("json")) return printJson(terminal, answer);
      for (const entry of answer.Traffic) terminal.out(trafficLine(entry));
      return;
    }
    for (const entry of answer.Traffic) show(entry, values, terminal);
    const after = answer.Traffic.at(-1)?.Number ?? 0;
    const stream = await callSandbox(values, `live?after=${after}`, { headers: { Accept: "text/event-stream" } });
    for await (const { event, data } of eventsIn(stream)) {
      if (event === "traffic") show(JSON.parse(data) as TrafficEntry, values, terminal);
    }
  },
};

function show(entry: TrafficEntry, values: Values, terminal: Terminal): void {
  terminal.out(values.has("json") ? JSON.stringify(entry) : trafficLine(entry));
}

/** As in `20:12:03.250  12  Client 1  messages/add  200  2 ms`. */
function trafficLine(entry: TrafficEntry): string {
  const {
    Number: number,
    Kind,
    StartedUtc,
    Client,
    Operation,
    Address,
    Status,
    Milliseconds,
    Fault,
    Error: error,
  } = entry;
  const what = Kind === "Request" ? (Operation ?? Address) : `${Kind.toLowerCase()} ${Address}`;
  const remarks = [Fault && `fault ${Fault}`, error].filter(Boolean);
  const time = StartedUtc.slice(11, 23);
  return [time, number, Client ?? "-", what, Status ?? "-", `${Math.round(Milliseconds)} ms`, ...remarks].join("  ");
}

const webhookCommand: Command = {
  name: "sandbox webhook",
  summary: "Have a client hear of messages at an address of yours, and print the secret that signs them.",
  examples: [
    "sandbox webhook http://localhost:3000/innbox",
    "sandbox webhook http://localhost:3000/innbox --events MessageAdded,MessageThreadUpdated",
  ],
  operand: "to",
  options: [
    { name: "to", placeholder: "ADDRESS", description: "Where it is told.", isRequired: true },
    { name: "client-token", placeholder: "TOKEN", description: "Of the client. Default: that of Client 1." },
    {
      name: "events",
      placeholder: "LIST",
      description: `Of ${eventDiscriminators.join(",")}. Default: as before, or MessageAdded.`,
    },
    ...sandboxOptions,
  ],
  run: async (values, terminal) => {
    const { demoTokens } = await import("../../sandbox/demo/demo-world.ts");
    const input = given({
      ClientToken: values.text("client-token") ?? demoTokens.ClientToken,
      Url: values.required("to"),
      Events: values.text("events")?.split(","),
    });
    const answer = await askSandbox<{ WebhookId: string; Secret: string }>(values, "webhooks/set", input);
    printMade(terminal, values, answer, "Set the webhook. Its secret:", answer.Secret);
  },
};

export const sandboxTrafficCommands: readonly Command[] = [trafficCommand, webhookCommand];
