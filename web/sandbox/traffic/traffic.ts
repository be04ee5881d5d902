import { signal } from "@preact/signals";
import type { TrafficEntry } from "../../../src/protocol/sandbox/traffic.ts";
import { folded } from "../../shared/plain-text.ts";
import { ask } from "../server/ask.ts";

/** How many entries the page keeps. */
const most = 500;

export interface Filter {
  readonly kind: "" | TrafficEntry["Kind"];
  /** A client's name, or the `Client` of its requests. */
  readonly client: string;
  readonly operation: string;
  /** The first digit of the status, `none` for no answer, `fault` for those in which a fault was injected. */
  readonly outcome: "" | "2" | "4" | "5" | "none" | "fault";
  readonly text: string;
}

export const noFilter: Filter = { kind: "", client: "", operation: "", outcome: "", text: "" };

/** What went over the wire, newest first. */
export const entries = signal<readonly TrafficEntry[]>([]);
export const filter = signal<Filter>(noFilter);
/** The number of the entry that is shown whole. */
export const chosen = signal<number | undefined>(undefined);
/** Entries from this number on came while the page was open. */
export const firstFresh = signal(0);

/** The entries that the stream brought last, oldest first. */
export const arrived = signal<readonly TrafficEntry[]>([]);

/** Fetches all entries again. @returns the number of the last one @throws Refusal */
export async function loadTraffic(): Promise<number> {
  const { Traffic } = await ask("traffic/getAll", { Count: most });
  arriving = [];
  entries.value = Traffic.toReversed();
  const last = Traffic.at(-1)?.Number ?? 0;
  firstFresh.value = last + 1;
  if (chosen.value !== undefined && !entryOf(chosen.value)) chosen.value = undefined;
  return last;
}

let arriving: TrafficEntry[] = [];

/** Takes an entry from the stream. All that come within one frame are drawn together. */
export function takeEntry(entry: TrafficEntry): void {
  if (arriving.length === 0) requestAnimationFrame(flush);
  arriving.push(entry);
}

function flush(): void {
  const come = arriving;
  arriving = [];
  const newest = entries.value[0]?.Number ?? 0;
  const fresh = come.filter(({ Number: number }) => number > newest);
  if (fresh.length === 0) return;
  entries.value = [...fresh.toReversed(), ...entries.value].slice(0, most);
  arrived.value = fresh;
}

export async function clearTraffic(): Promise<void> {
  await ask("traffic/clear", {});
  entries.value = [];
  chosen.value = undefined;
}

export function entryOf(number: number | undefined): TrafficEntry | undefined {
  return entries.value.find((entry) => entry.Number === number);
}

/** All attempts of a webhook's delivery that are known, the first one first. */
export function attemptsOf(entry: TrafficEntry, all: readonly TrafficEntry[]): readonly TrafficEntry[] {
  if (!entry.DeliveryId) return [];
  return all.filter(({ DeliveryId }) => DeliveryId === entry.DeliveryId).toReversed();
}

export function passes(entry: TrafficEntry, { kind, client, operation, outcome, text }: Filter): boolean {
  if (kind && entry.Kind !== kind) return false;
  if (client && entry.Client !== client && entry.ClientName !== client) return false;
  if (operation && entry.Operation !== operation) return false;
  if (outcome && !outcomesOf(entry).includes(outcome)) return false;
  return text === "" || folded(searched(entry)).includes(folded(text));
}

function outcomesOf({ Status, Fault }: TrafficEntry): readonly string[] {
  return [Status === null ? "none" : String(Status).slice(0, 1), ...(Fault === null ? [] : ["fault"])];
}

function searched(entry: TrafficEntry): string {
  const { Address, RequestBody, ResponseBody, Error: error, Fault, Client, ClientName } = entry;
  return [Address, RequestBody, ResponseBody, error, Fault, Client, ClientName].join("\n");
}

/** The name of an entry's row: its operation, or its address if it has none. */
export function titleOf({ Operation, Kind, Address }: TrafficEntry): string {
  if (Operation) return Operation;
  if (Kind === "Socket") return "WebSocket";
  return Kind === "Webhook" ? Address.replace(/^https?:\/\//, "") : Address;
}
