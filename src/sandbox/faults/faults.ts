import { connectorOperations } from "../../api/connector/operations.ts";
import { duration } from "../../core/duration.ts";
import { invalid } from "../../core/problem.ts";
import { nameOf } from "../../protocol/operation.ts";
import type { Fault, FaultState } from "../../protocol/sandbox/faults.ts";
import { faultStatuses, requestFaultKinds, webhookFaultKinds } from "../../protocol/sandbox/kinds.ts";
import { type DemoRandom, demoRandom } from "../demo/demo-random.ts";

/** What a fault knows of a request or a webhook when it is decided whether the fault is injected. */
export interface FaultTarget {
  /** The client's name in the directory, and what it says of itself in `Client`. */
  readonly client: string | null;
  readonly clientName: string | null;
  readonly operation: string | null;
}

/** What goes wrong on purpose in a world. */
export interface Faults {
  /** @throws Problem (invalid) naming the first field that can't be so, as in `Faults[2].Kind` */
  set(faults: readonly Fault[], seed: number): void;
  state(): { readonly faults: readonly FaultState[]; readonly seed: number };
  /**
   * Picks the fault that is to be injected into a request or webhook, if any, and counts it. A fault that waits has its
   * `Delay`, also where that was left to chance.
   */
  pick(on: Fault["On"], target: FaultTarget): Fault | undefined;
}

/** A fault that is set. Its random numbers are its own, so that another fault does not change what it does. */
interface ActiveFault {
  readonly fault: Fault;
  readonly shares: DemoRandom;
  readonly delays: DemoRandom;
  /** For how many requests or webhooks the dice were rolled, and into how many it was injected. */
  seen: number;
  injected: number;
}

/** How late webhooks of the cloud are now and then, in seconds. */
const lateFrom = 60;
const lateTo = 600;

/** In milliseconds. A timer takes 24 days at most. */
const longestDelay = duration("7d");

/** In milliseconds. A request that moves the clock waits for webhooks that are delayed, not for those that are late. */
const longestWebhookDelay = 60_000;

const operationNames: readonly string[] = connectorOperations.map(({ description }) => nameOf(description));

export function createFaults(): Faults {
  let active: ActiveFault[] = [];
  let seed = 1;
  return {
    set: (faults, newSeed) => {
      for (const [index, fault] of faults.entries()) checkFault(fault, `Faults[${index}]`);
      const seeds = demoRandom(newSeed);
      const next = () => demoRandom(seeds.whole(0, 2_147_483_647));
      active = faults.map((fault) => ({ fault, shares: next(), delays: next(), seen: 0, injected: 0 }));
      seed = newSeed;
    },
    state: () => ({
      faults: active.map(({ fault, seen, injected }) => ({ Fault: fault, Seen: seen, Bitten: injected })),
      seed,
    }),
    pick: (on, target) => {
      const found = active.find((candidate) => matches(candidate, on, target) && rollDice(candidate));
      if (!found) return undefined;
      found.injected += 1;
      return { ...found.fault, ...delayOf(found) };
    },
  };
}

/** What a fault is called in an entry, as in `Status 503`. */
export function faultName({ Kind, Status, Delay }: Fault): string {
  return [Kind, Status, Delay].filter((part) => part !== undefined && part !== null).join(" ");
}

function matches({ fault, injected }: ActiveFault, on: Fault["On"], target: FaultTarget): boolean {
  const { client, clientName, operation } = target;
  if (fault.On !== on || injected >= (fault.Times ?? Number.POSITIVE_INFINITY)) return false;
  if (fault.Client && fault.Client !== client && fault.Client !== clientName) return false;
  return !fault.Operation || fault.Operation === operation;
}

function rollDice(active: ActiveFault): boolean {
  active.seen += 1;
  return active.shares.isSo(active.fault.Share ?? 1);
}

function delayOf({ fault: { Kind, Delay }, delays }: ActiveFault): Pick<Fault, "Delay"> {
  if (Delay) return { Delay };
  if (Kind === "Delay") return { Delay: "1s" };
  return Kind === "Late" ? { Delay: `${delays.whole(lateFrom, lateTo)}s` } : {};
}

/** @throws Problem (invalid) for a fault that would never be injected, or has a field that its kind does not use */
function checkFault({ On, Kind, Status, RetryAfterSeconds, Delay, Operation }: Fault, name: string): void {
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
