import type { TrafficEntry } from "../protocol/sandbox/traffic.ts";

/** A partner's application, and what went over the wire between it and the sandbox. */
export interface ClientTraffic {
  readonly client: string;
  /** What it says of itself in `Client`. */
  readonly names: readonly string[];
  readonly entries: readonly TrafficEntry[];
}

/** The sandbox's own guests write with client 1's tokens, and are no partner's program. */
const ownGuests = /^Innbox (?:guest chat|scenario) /;

/**
 * The clients of the entries. What has nobody's tokens goes to the client that calls itself the same, or, when it says
 * nothing, to the only one there is.
 */
export function clientsIn(all: readonly TrafficEntry[]): readonly ClientTraffic[] {
  const entries = all.filter(({ ClientName }) => !ownGuests.test(ClientName ?? ""));
  const known = Map.groupBy(
    entries.filter(({ Client }) => Client !== null),
    ({ Client }) => Client ?? "",
  );
  const ownerOf = (entry: TrafficEntry): string => {
    if (entry.Client !== null) return entry.Client;
    const { ClientName } = entry;
    const [only, ...more] = [...known]
      .filter(([, own]) => ClientName === null || own.some((each) => each.ClientName === ClientName))
      .map(([client]) => client);
    if (only !== undefined && more.length === 0) return only;
    return ClientName === null ? "Somebody unknown" : `${ClientName} (unknown tokens)`;
  };
  return [...Map.groupBy(entries, ownerOf)].map(([client, own]) => ({ client, names: namesIn(own), entries: own }));
}

function namesIn(entries: readonly TrafficEntry[]): readonly string[] {
  return [...new Set(entries.map(({ ClientName }) => ClientName).filter((name) => name !== null))];
}
