import type { SecretBox } from "./core/secret-box.ts";
import type { CallWebhook } from "./delivery/webhooks/call.ts";
import { type WorkerPatience, webhookWorker, workerPatience } from "./delivery/webhooks/worker.ts";
import type { RequestLog } from "./http/request-log.ts";
import { formatDateTime } from "./protocol/date-time.ts";
import { searchIndexer } from "./staff/search/indexer.ts";
import { summarizer } from "./staff/search/summarizer.ts";
import type { Db } from "./store/db.ts";
import type { Parts } from "./store/parts.ts";
import { webhooksHeldSince } from "./store/webhooks/hold.ts";

export interface BackgroundWorkParts extends Parts {
  /** Resolves once the database can be used. */
  readonly secretBox: Promise<SecretBox>;
  readonly random: () => number;
  readonly log: RequestLog;
  readonly patience: Partial<WorkerPatience> | undefined;
}

/** What a server does without being asked: it sends webhooks, and keeps summaries and the search index up to date. */
export interface BackgroundWork {
  /** Begins, as soon as the database can be used. @param call  sends the webhooks */
  start(call: CallWebhook): void;
  /** Resolves once it has begun; rejects when it never will. */
  readonly ready: Promise<void>;
  /** Looks for webhooks that are due now. */
  wake(): void;
  /** Resolves once no webhook is due, nor on its way from this server. */
  settled(): Promise<void>;
  /** Resolves once a search finds everything that was committed before the call. */
  indexed(): Promise<void>;
  stop(): Promise<void>;
}

export function backgroundWork({ secretBox, random, log, patience, ...parts }: BackgroundWorkParts): BackgroundWork {
  const { store } = parts;
  const { attempted, note } = log;
  const failed = (error: unknown) => log.failed(undefined, error);
  const begun = Promise.withResolvers<CallWebhook>();
  let isStopping = false;

  const starting = Promise.all([secretBox, begun.promise]).then(([secretBox, call]) => {
    noteHold(store.db, note).catch(() => undefined);
    const ofWorker = { ...workerPatience, ...patience };
    return {
      worker: webhookWorker({ ...parts, random, secretBox, call, attempted, note, patience: ofWorker }),
      summaries: summarizer(store.db, failed),
      index: searchIndexer(store, failed),
    };
  });
  const ready = starting.then(() => undefined);
  ready.catch((error: unknown) => {
    if (!isStopping) failed(error);
  });
  /** What was started; `undefined` where nothing could be. */
  const started = () => starting.catch(() => undefined);

  return {
    start: begun.resolve,
    ready,
    wake: () => void started().then((work) => work?.worker.wake()),
    settled: async () => (await started())?.worker.settled(),
    indexed: async () => (await started())?.index.settled(),
    stop: async () => {
      isStopping = true;
      begun.reject(new Error("The server was stopped before it was started."));
      const work = await started();
      await Promise.all([work?.worker.stop(), work?.summaries.stop(), work?.index.stop()]);
    },
  };
}

/** Reminds the operator at each start. */
async function noteHold(db: Db, note: (message: string) => void): Promise<void> {
  const since = await webhooksHeldSince(db);
  if (since === undefined) return;
  note(`Webhooks are held since ${formatDateTime(since)}: none is sent until innbox webhook release.`);
}
