import { backgroundLoop } from "../../core/background-loop.ts";
import { type Clock, days, type Microseconds } from "../../core/clock.ts";
import type { IdentifierSource } from "../../core/identifiers.ts";
import type { AttemptEntry } from "../../core/log-entries.ts";
import type { SecretBox } from "../../core/secret-box.ts";
import { operatorSentence } from "../../core/ways-out.ts";
import type { EventDiscriminator } from "../../protocol/connector/event-names.ts";
import type { Reader } from "../../store/db.ts";
import type { Store } from "../../store/store.ts";
import {
  type Claim,
  claim,
  type Freeze,
  type IdleEndpoint,
  idleEndpoints,
  leaseTime,
  type Outcome,
  recordOutcome,
} from "../../store/webhooks/claims.ts";
import { removeDelivered } from "../../store/webhooks/deliveries.ts";
import { attemptDelivery } from "./attempt.ts";
import { announcedEvent, generalBody } from "./body.ts";
import type { CallWebhook } from "./call.ts";

/** How many calls are under way at once; one to each endpoint, which keeps its order. */
const maxCalls = 256;

/** How many of them may go to endpoints whose last attempt failed, so that the other endpoints never wait for those. */
const maxFailingCalls = maxCalls / 2;

/** How many endpoints one transaction claims, so that it does not hold for long what others write to. */
const maxClaims = 32;

/**
 * How often to look for work that no hint came of, in milliseconds: commits of other processes, retries, leases that are
 * over.
 */
const pollInterval = 250;

/** How long a delivery that succeeded can be looked up. */
const keptFor: Microseconds = days(30);

/** How many older ones are removed for each attempt that is recorded: more than it adds, so that none pile up. */
const removedForEach = 8;

/** How long the worker waits for others, in milliseconds. */
export interface WorkerPatience {
  /** Before it asks a database again that refused. */
  readonly trouble: number;
  /** When the server stops: for the end of the calls that are under way. */
  readonly calls: number;
  /** When the server stops: for the recording of what those calls came to. */
  readonly records: number;
}

export const workerPatience: WorkerPatience = { trouble: 1000, calls: 1000, records: 5000 };

export interface WebhookWorker {
  /** Looks for work now. A hint: without it, work is found a little later. */
  wake(): void;
  /** Resolves once nothing is due and this worker has no call under way. Other workers may have some. */
  settled(): Promise<void>;
  /** Ends calls under way, after a while by force. A call that was cut short is made again by the next worker. */
  stop(): Promise<void>;
}

export interface WebhookWorkerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newIdentifier: IdentifierSource;
  readonly random: () => number;
  readonly secretBox: SecretBox;
  readonly call: CallWebhook;
  /** Logs an attempt. */
  readonly attempted: (entry: AttemptEntry) => void;
  /** Logs a sentence for the operator. */
  readonly note: (message: string) => void;
  readonly patience: WorkerPatience;
}

/** A worker's calls. */
interface Calls {
  /** Stands for the worker in its leases. */
  readonly holder: string;
  /** By endpoint, those that are finished but not recorded included. */
  readonly underWay: Map<string, Claim>;
  readonly finished: FinishedCall[];
}

interface FinishedCall {
  readonly claim: Claim;
  readonly outcome: Outcome;
}

/** What one look for work came to. */
interface Work {
  readonly claims: readonly Claim[];
  /** Whether something is due that another worker took up first, or that is too much for one transaction. */
  readonly isSomethingLeft: boolean;
}

/**
 * Sends what is due: claims with a lease, commits, calls, records. Several workers may do so on one database. The calls
 * that end while a transaction runs are recorded together in the next one, which claims the next calls too.
 */
export function webhookWorker(parts: WebhookWorkerParts): WebhookWorker {
  const { store, newIdentifier, note, patience } = parts;
  const calls: Calls = { holder: newIdentifier(), underWay: new Map(), finished: [] };
  const cutShort = new AbortController();

  async function send(taken: Claim): Promise<void> {
    calls.underWay.set(taken.endpoint.id, taken);
    calls.finished.push({ claim: taken, outcome: await attemptDelivery(parts, taken, cutShort.signal) });
    loop.wake();
  }

  const loop = backgroundLoop({
    interval: pollInterval,
    pauseAfterFailure: patience.trouble,
    // What can't be recorded is sent again when its lease is over.
    failed: (error) => note(`Webhooks are waiting for the database: ${operatorSentence(error)}`),
    step: async (signal) => {
      const { claims, isSomethingLeft } = await recordAndClaim(parts, calls, signal.aborted);
      for (const taken of claims) void send(taken);
      if (claims.length > 0) return "more";
      return isSomethingLeft || calls.underWay.size > 0 ? "busy" : "idle";
    },
  });
  store.onCommit(loop.wake);
  return {
    wake: loop.wake,
    settled: loop.settled,
    stop: async () => {
      await loop.stop(patience.calls);
      cutShort.abort();
      await loop.stop(patience.records);
    },
  };
}

/** One transaction, if there is anything to record or to claim. */
async function recordAndClaim(parts: WebhookWorkerParts, calls: Calls, isStopping: boolean): Promise<Work> {
  const { store, clock } = parts;
  const done = [...calls.finished];
  const find = async (reader: Reader) =>
    isStopping ? [] : endpointsToCall(calls, done, await idleEndpoints(reader, clock()));
  const found = done.length === 0 ? await find(store.db) : undefined;
  if (found?.length === 0) return { claims: [], isSomethingLeft: false };
  const work = await store.db.transaction(async (transaction) => {
    const now = clock();
    for (const { claim, outcome } of done) await recordOutcome(transaction, claim, outcome, calls.holder, now);
    if (done.length > 0) await removeDelivered(transaction, now - keptFor, removedForEach * done.length);
    const lease = { holder: calls.holder, until: now + leaseTime };
    const endpoints = (found ?? (await find(transaction))).slice(0, maxClaims);
    const freeze = freezeWith(parts);
    const claims = await Promise.all(endpoints.map(({ id }) => claim(transaction, id, lease, now, freeze)));
    const made = claims.filter((taken) => taken !== undefined);
    return { claims: made, isSomethingLeft: made.length < endpoints.length };
  });
  calls.finished.splice(0, done.length);
  for (const each of done) {
    calls.underWay.delete(each.claim.endpoint.id);
    logOutcome(parts, each);
  }
  return work;
}

/** Those of the idle endpoints that the worker has a call for. Endpoints whose calls are `done` may be among them. */
function endpointsToCall(
  { underWay }: Calls,
  done: readonly FinishedCall[],
  idle: readonly IdleEndpoint[],
): IdleEndpoint[] {
  const doneIds = new Set(done.map(({ claim }) => claim.endpoint.id));
  const busy = [...underWay.values()].map(({ endpoint }) => endpoint).filter(({ id }) => !doneIds.has(id));
  const busyIds = new Set(busy.map(({ id }) => id));
  let failing = busy.filter(({ failing_since }) => failing_since !== null).length;
  return idle
    .filter(({ id }) => !busyIds.has(id))
    .filter(({ is_failing }) => {
      failing += is_failing;
      return !is_failing || failing <= maxFailingCalls;
    })
    .slice(0, maxCalls - busy.length);
}

/** Makes bodies of the events that an endpoint subscribes to. */
function freezeWith({ newIdentifier, secretBox }: WebhookWorkerParts): Freeze {
  return (endpoint, queue, events) => {
    const subscribed = JSON.parse(endpoint.events) as EventDiscriminator[];
    const announced = events.map(announcedEvent).filter(({ Discriminator }) => subscribed.includes(Discriminator));
    if (announced.length === 0) return undefined;
    const id = newIdentifier();
    const body = generalBody(queue.enterprise_id, queue.integration_id, announced);
    return { id, body: secretBox.seal(body, id) };
  };
}

function logOutcome({ attempted, note }: WebhookWorkerParts, { claim, outcome }: FinishedCall): void {
  if (outcome.kind === "cutShort" || outcome.kind === "postponed") return;
  const { endpoint, delivery } = claim;
  const { status, error, latency } = outcome.made;
  const { id: endpointId, client_name: client } = endpoint;
  attempted({ deliveryId: delivery.id, endpointId, client, status, error, milliseconds: latency / 1000 });
  if (outcome.kind === "disabling") note(`The webhook ${endpointId} of ${client} was disabled. ${outcome.reason}`);
}
