import { operations } from "../../api/connector/operations.ts";
import { duration } from "../../core/duration.ts";
import { invalid } from "../../core/problem.ts";
import type { Fault, FaultState } from "../../protocol/sandbox/faults.ts";
import { faultStatuses, requestFaultKinds, webhookFaultKinds } from "../../protocol/sandbox/kinds.ts";
import { type DemoRandom, demoRandom } from "../demo/demo-random.ts";

/** A call as far as faults choose by it. */
export interface Victim {
  /** The client's name in the directory, and what it says of itself in `Client`. */
  readonly client: string | null;
  readonly clientName: string | null;
  readonly operation: string | null;
}

/** What goes wrong on purpose in a world. */
export interface Faults {
  /** @throws Problem (invalid) naming the first fault that makes no sense, as in `Faults[2].Kind` */
  set(faults: readonly Fault[], seed: number): void;
  state(): { readonly faults: readonly FaultState[]; readonly seed: number };
  /**
   * The fault that bites this call, counted as bitten; most often none. Its `Delay` is there if it has one, also where
   * chance was to choose it.
   */
  bite(on: Fault["On"], victim: Victim): Fault | undefined;
}

/** One that is set. Each has chances of its own, so that what another one does changes nothing for it. */
interface Standing {
  readonly fault: Fault;
  readonly shares: DemoRandom;
  readonly delays: DemoRandom;
  seen: number;
  bitten: number;
}

/** How late the cloud is now and then, in seconds. */
const lateFrom = 60;
const lateTo = 600;

/** In milliseconds; no timer takes a month. */
const longestDelay = duration("7d");

/** A webhook that is delayed holds up whoever moves the clock; what takes longer is late. */
const longestWebhookDelay = 60_000;

const operationNames: readonly string[] = operations.map(
  ({ description: { resource, action } }) => `${resource}/${action}`,
);

export function createFaults(): Faults {
  let standing: Standing[] = [];
  let seed = 1;
  return {
    set: (faults, newSeed) => {
      for (const [index, fault] of faults.entries()) mustMakeSense(fault, `Faults[${index}]`);
      const seeds = demoRandom(newSeed);
      const next = () => demoRandom(seeds.whole(0, 2_147_483_647));
      standing = faults.map((fault) => ({ fault, shares: next(), delays: next(), seen: 0, bitten: 0 }));
      seed = newSeed;
    },
    state: () => ({
      faults: standing.map(({ fault, seen, bitten }) => ({ Fault: fault, Seen: seen, Bitten: bitten })),
      seed,
    }),
    bite: (on, victim) => {
      const found = standing.find((each) => fits(each, on, victim) && falls(each));
      if (!found) return undefined;
      found.bitten += 1;
      return { ...found.fault, ...delayOf(found) };
    },
  };
}

/** What a fault is called in an entry, as in `Status 503`. */
export function faultName({ Kind, Status, Delay }: Fault): string {
  return [Kind, Status, Delay].filter((part) => part !== undefined && part !== null).join(" ");
}

function fits({ fault, bitten }: Standing, on: Fault["On"], { client, clientName, operation }: Victim): boolean {
  if (fault.On !== on || bitten >= (fault.Times ?? Number.POSITIVE_INFINITY)) return false;
  if (fault.Client && fault.Client !== client && fault.Client !== clientName) return false;
  return !fault.Operation || fault.Operation === operation;
}

function falls(standing: Standing): boolean {
  standing.seen += 1;
  return standing.shares.isSo(standing.fault.Share ?? 1);
}

function delayOf({ fault: { Kind, Delay }, delays }: Standing): Pick<Fault, "Delay"> {
  if (Delay) return { Delay };
  if (Kind === "Delay") return { Delay: "1s" };
  return Kind === "Late" ? { Delay: `${delays.whole(lateFrom, lateTo)}s` } : {};
}

/** @throws Problem (invalid) for what would never bite, or not as whoever set it believes */
function mustMakeSense({ On, Kind, Status, RetryAfterSeconds, Delay, Operation }: Fault, name: string): void {
  const kinds: readonly string[] = On === "Request" ? requestFaultKinds : webhookFaultKinds;
  if (!kinds.includes(Kind)) throw invalid(`${name}.Kind must be one of ${kinds.join(", ")} where On is ${On}.`);
  const statuses: readonly number[] = faultStatuses;
  if (Kind === "Status" && !statuses.includes(Status ?? 0)) {
    throw invalid(`${name}.Status must be one of ${statuses.join(", ")}.`);
  }
  if (Kind !== "Status" && Status) throw invalid(`${name}.Status is for faults of the kind Status.`);
  if (RetryAfterSeconds && Status !== 429 && Status !== 503) {
    throw invalid(`${name}.RetryAfterSeconds is for the statuses 429 and 503.`);
  }
  if (Delay && Kind !== "Delay" && Kind !== "Late") {
    throw invalid(`${name}.Delay is for faults of the kinds Delay and Late.`);
  }
  if (Delay && duration(Delay) > longestDelay) throw invalid(`${name}.Delay must be 7d at the longest.`);
  if (Delay && On === "Webhook" && Kind === "Delay" && duration(Delay) > longestWebhookDelay) {
    throw invalid(`${name}.Delay must be 1m at the longest for webhooks; Late takes longer ones.`);
  }
  if (!Operation) return;
  if (On === "Webhook") throw invalid(`${name}.Operation is for faults of requests.`);
  if (!operationNames.includes(Operation)) {
    throw invalid(`${name}.Operation must be one of ${operationNames.join(", ")}.`);
  }
}
