import { setImmediate, setTimeout } from "node:timers/promises";
import { type Clock, days, type Microseconds } from "../../core/clock.ts";
import type { IdentifierSource } from "../../core/identifiers.ts";
import type { SecretBox } from "../../core/secret-box.ts";
import { operatorSentence } from "../../core/ways-out.ts";
import type { EventDiscriminator } from "../../protocol/connector/event-names.ts";
import type { Reader, Transaction } from "../../store/db.ts";
import type { Store } from "../../store/store.ts";
import {
  type Attempt,
  type Claim,
  claim,
  type Freeze,
  type IdleEndpoint,
  idleEndpoints,
  leaseTime,
  record,
  release,
} from "../../store/webhooks/claims.ts";
import { removeDelivered } from "../../store/webhooks/deliveries.ts";
import { attempt } from "./attempt.ts";
import { announcedEvent, generalBody } from "./body.ts";
import type { CallWebhook } from "./call.ts";

/** How many calls are under way at once; one to each endpoint, which keeps its order. */
const maxCalls = 256;

/** How many of them may go to endpoints whose last attempt failed, so that the others never wait for those. */
const maxFailingCalls = maxCalls / 2;

/** How many calls one transaction takes up, so that none holds what others write to for long. */
const maxClaims = 32;

/** How often to look for what nobody told of: other processes' commits, retries, leases that are over. In milliseconds. */
const pollInterval = 250;

/** How long what was delivered can be looked up. */
const keptFor: Microseconds = days(30);

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
  /** Ends calls under way, if need be by force: those are made again by whoever comes next. */
  stop(): Promise<void>;
}

export interface WebhookWorkerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newIdentifier: IdentifierSource;
  readonly random: () => number;
  readonly secretBox: SecretBox;
  readonly call: CallWebhook;
  readonly attempted: (entry: AttemptEntry) => void;
  /** Told of what an operator should know. */
  readonly note: (message: string) => void;
  readonly patience: WorkerPatience;
}

/** One attempt, for the log: neither its URL, which may hold a token, nor what was said. */
export interface AttemptEntry {
  readonly deliveryId: string;
  readonly endpointId: string;
  /** The client's name. */
  readonly client: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly milliseconds: number;
}

interface Finished {
  readonly claim: Claim;
  /** Missing for a call that was cut short. */
  readonly attempt: Attempt | undefined;
}

/** What one look for work came to. */
interface Step {
  readonly claims: readonly Claim[];
  /** Whether something is due that another worker took up first, or that is too much for one transaction. */
  readonly isSomethingLeft: boolean;
}

/**
 * Sends what is due: claims with a lease, commits, calls, records. Any number of them work on one database. What ends
 * while a transaction runs is recorded together in the next one, which claims the next calls too.
 */
export function webhookWorker(parts: WebhookWorkerParts): WebhookWorker {
  const { store, clock, newIdentifier, secretBox, attempted, note, patience } = parts;
  const holder = newIdentifier();
  /** Endpoint by endpoint. */
  const underWay = new Map<string, Claim>();
  const cutShort = new AbortController();
  let finished: Finished[] = [];
  let isStopping = false;
  let isAwake = false;
  let wakeUp: (() => void) | undefined;
  /** The calls of `settled` that wait for their answer. */
  let settling: (() => void)[] = [];

  function wake(): void {
    isAwake = true;
    wakeUp?.();
  }

  /** Until somebody wakes it, or it is time to look again. */
  async function rest(milliseconds: number): Promise<void> {
    if (isAwake) return;
    const timer = new AbortController();
    const woken = new Promise<void>((resolve) => {
      wakeUp = resolve;
    });
    await Promise.race([woken, setTimeout(milliseconds, undefined, timer)]);
    timer.abort();
    wakeUp = undefined;
  }

  async function run(): Promise<void> {
    while (!isStopping || underWay.size > 0 || finished.length > 0) {
      isAwake = false;
      const asked = settling;
      try {
        const { claims, isSomethingLeft } = await step();
        for (const claim of claims) void send(claim);
        if (!isSomethingLeft && underWay.size === 0) settle(asked);
        if (claims.length === 0 && finished.length === 0) await rest(pollInterval);
        // Others have a turn between two transactions, also when every call fails before it begins.
        else await setImmediate();
      } catch (error) {
        // What was not recorded is sent again when its lease is over.
        if (isStopping) return;
        note(`Webhooks are waiting for the database: ${operatorSentence(error)}`);
        await rest(patience.trouble);
      }
    }
  }

  /** Answers those who asked before the worker looked for work: it has found all that was due when they asked. */
  function settle(asked: readonly (() => void)[]): void {
    settling = settling.filter((each) => !asked.includes(each));
    for (const each of asked) each();
  }

  /** One transaction, if there is anything to record or to claim. */
  async function step(): Promise<Step> {
    const done = [...finished];
    if (done.length === 0 && (await idle(store.db, done)).length === 0) return { claims: [], isSomethingLeft: false };
    const taken = await store.db.transaction(async (transaction) => {
      const now = clock();
      for (const each of done) await recordOne(transaction, each, now);
      const lease = { holder, until: now + leaseTime };
      const candidates = (await idle(transaction, done)).slice(0, maxClaims);
      const claims = await Promise.all(candidates.map(({ id }) => claim(transaction, id, lease, now, freeze)));
      const made = claims.filter((claim) => claim !== undefined);
      return { claims: made, isSomethingLeft: made.length < candidates.length };
    });
    finished = finished.slice(done.length);
    for (const each of done) {
      underWay.delete(each.claim.endpoint.id);
      tell(each);
    }
    return taken;
  }

  /** The endpoints to take up: those that `done` lets go of may be among them. */
  async function idle(reader: Reader, done: readonly Finished[]): Promise<IdleEndpoint[]> {
    if (isStopping) return [];
    const letGo = new Set(done.map((each) => each.claim.endpoint.id));
    const busy = [...underWay.values()].map(({ endpoint }) => endpoint).filter(({ id }) => !letGo.has(id));
    const busyIds = new Set(busy.map(({ id }) => id));
    const free = maxCalls - busy.length;
    let failing = busy.filter(({ failing_since }) => failing_since !== null).length;
    const candidates = (await idleEndpoints(reader, clock())).filter(({ id }) => !busyIds.has(id));
    return candidates
      .filter(({ is_failing }) => {
        failing += is_failing;
        return !is_failing || failing <= maxFailingCalls;
      })
      .slice(0, free);
  }

  async function recordOne(transaction: Transaction, { claim, attempt }: Finished, now: Microseconds): Promise<void> {
    if (!attempt) return release(transaction, claim.endpoint.id, holder, now);
    await record(transaction, claim, attempt, holder, now);
    await removeDelivered(transaction, now - keptFor);
  }

  function tell({ claim: { endpoint, delivery }, attempt }: Finished): void {
    if (!attempt || attempt.postponedTo) return;
    const { status, error, latency, disabledReason } = attempt;
    const { id: endpointId, client_name: client } = endpoint;
    attempted({ deliveryId: delivery.id, endpointId, client, status, error, milliseconds: latency / 1000 });
    if (disabledReason) note(`The webhook ${endpointId} of ${client} was disabled. ${disabledReason}`);
  }

  const freeze: Freeze = (endpoint, queue, events) => {
    const subscribed = JSON.parse(endpoint.events) as EventDiscriminator[];
    const announced = events.map(announcedEvent).filter(({ Discriminator }) => subscribed.includes(Discriminator));
    if (announced.length === 0) return undefined;
    const id = newIdentifier();
    const body = generalBody(queue.enterprise_id, queue.integration_id, announced);
    return { id, body: secretBox.seal(body, id) };
  };

  async function send(taken: Claim): Promise<void> {
    underWay.set(taken.endpoint.id, taken);
    const made = await attempt(parts, taken, cutShort.signal);
    const wasCutShort = cutShort.signal.aborted && !made.isDelivered;
    finished.push({ claim: taken, attempt: wasCutShort ? undefined : made });
    wake();
  }

  store.onCommit(wake);
  const running = run().finally(() => settle(settling));
  return {
    wake,
    settled: () =>
      new Promise((resolve) => {
        if (isStopping) return resolve();
        settling = [...settling, resolve];
        wake();
      }),
    stop: async () => {
      isStopping = true;
      wake();
      const timer = new AbortController();
      const inTime = running.then(() => timer.abort());
      await Promise.race([inTime, setTimeout(patience.calls, undefined, timer).catch(() => undefined)]);
      cutShort.abort();
      // A database that does not answer keeps nobody: what was not recorded is sent again.
      await Promise.race([running, setTimeout(patience.records, undefined, { ref: false })]);
    },
  };
}
