import type { TrafficEntry } from "../../protocol/sandbox/traffic.ts";

/** The last requests, webhooks and sockets of a world, kept in memory only. */
export interface Traffic {
  /** Numbers an entry and keeps it. */
  record(entry: Omit<TrafficEntry, "Number">): TrafficEntry;
  /** Entries with a higher number, oldest first: the latest `count` of them. */
  after(number: number, count: number): TrafficEntry[];
  find(number: number): TrafficEntry | undefined;
  clear(): void;
  /** Calls `listener` with each new entry. @returns ends that */
  onEntry(listener: (entry: TrafficEntry) => void): () => void;
}

/** How many entries a world keeps. */
export const maxEntries = 2000;

/** How long the bodies of all of them may be together, in characters. */
const maxCharacters = 20_000_000;

export function createTraffic(): Traffic {
  const listeners = new Set<(entry: TrafficEntry) => void>();
  let entries: TrafficEntry[] = [];
  let lastNumber = 0;
  let characters = 0;

  function forgetOldest(): void {
    const oldest = entries.shift();
    if (oldest) characters -= lengthOf(oldest);
  }

  return {
    record: (given) => {
      lastNumber += 1;
      const entry = { Number: lastNumber, ...given };
      entries.push(entry);
      characters += lengthOf(entry);
      while (entries.length > maxEntries || characters > maxCharacters) forgetOldest();
      for (const listener of listeners) listener(entry);
      return entry;
    },
    after: (number, count) => {
      const first = entries[0]?.Number ?? 0;
      return entries.slice(Math.max(0, number - first + 1)).slice(-count);
    },
    find: (number) => entries[number - (entries[0]?.Number ?? 0)],
    clear: () => {
      entries = [];
      characters = 0;
    },
    onEntry: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function lengthOf({ RequestBody, ResponseBody }: TrafficEntry): number {
  return (RequestBody?.length ?? 0) + (ResponseBody?.length ?? 0);
}

/** What an entry has where it has nothing to say. */
export const blank = {
  Client: null,
  ClientName: null,
  Operation: null,
  RequestBody: null,
  Error: null,
  Fault: null,
  DeliveryId: null,
} as const;

/** How long ago a moment of `performance.now` is, in milliseconds. */
export function millisecondsSince(start: number): number {
  return Math.round((performance.now() - start) * 100) / 100;
}

/** Headers as entries have them, whatever HTTP library they come from. */
export function plainHeaders(headers: Readonly<Record<string, unknown>> | null): Record<string, string> {
  const pairs = Object.entries(headers ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    pairs.map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(", ") : String(value)]),
  );
}
