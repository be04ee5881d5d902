import { setImmediate } from "node:timers/promises";
import { type BackgroundLoop, backgroundLoop, pause, type StepOutcome } from "../../core/background-loop.ts";
import { within } from "../../core/deadline.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { indexSome, propertiesAfter } from "../../store/search/search-index.ts";
import type { Store } from "../../store/store.ts";

/** How long a commit waits for more of them to be indexed together, in milliseconds: a search finds it this much later. */
const batchDelay = 100;

/** How often to look for commits that no hint came of, such as those of other processes, in milliseconds. */
const interval = 500;

/** How long the steps after such a look do without another one, in milliseconds; less than an interval, so that each has one. */
const minLookPause = interval / 2;

/** How many properties such a look reads. */
const page = 500;

/** How long it may take, in milliseconds. */
const lookLimit = 3000;

/** How many entries of a log one transaction adds. On SQLite nothing else is written meanwhile. */
const limits = { sqlite: 100, postgres: 200 } as const;

/** How long to leave the database, or one property, alone after it could not be indexed, in milliseconds. */
const pauseAfterFailure = 5000;

export interface SearchIndexer extends Pick<BackgroundLoop, "stop"> {
  /** Resolves when a search finds everything that was committed before the call. */
  settled(): Promise<void>;
}

/**
 * Adds what is committed to the index of the searches. New entries come first; older ones follow from the newest on, in
 * small steps that leave requests half of the time. Several processes may do so at once: the database has each property
 * indexed by one of them at a time.
 */
export function searchIndexer(store: Store, failed: (error: unknown) => void): SearchIndexer {
  /** Properties whose index may lack something. */
  const behind = new Set<string>();
  const stepOf = propertySteps(store, failed);
  /** Where the next look at the properties begins, and when it is due. */
  let place = nilIdentifier;
  let nextLook = 0;

  /** Looks at a page of properties. @returns where the next page begins; `undefined` after the last one */
  async function lookFrom(from: string): Promise<string | undefined> {
    const properties = await propertiesAfter(store.db.until(within(lookLimit)), from, page);
    for (const { id, isBehind } of properties) if (isBehind) behind.add(id);
    return properties.length < page ? undefined : properties.at(-1)?.id;
  }

  async function step(signal: AbortSignal): Promise<StepOutcome> {
    if (performance.now() >= nextLook) {
      place = (await lookFrom(place)) ?? nilIdentifier;
      nextLook = performance.now() + minLookPause;
    }
    for (const id of [...behind]) {
      if (signal.aborted) return "idle";
      const begin = performance.now();
      behind.delete(id);
      const isSomethingLeft = await stepOf(id, signal);
      // Requests have a turn, however many properties there are.
      await setImmediate();
      if (!isSomethingLeft) continue;
      behind.add(id);
      await pause(performance.now() - begin, signal);
    }
    return behind.size > 0 && !signal.aborted ? "more" : "idle";
  }

  const loop = backgroundLoop({ step, failed, interval, pauseAfterFailure });
  let batch: NodeJS.Timeout | undefined;
  store.onCommit((changes) => {
    for (const { enterpriseId } of changes) behind.add(enterpriseId);
    batch ??= setTimeout(() => {
      batch = undefined;
      loop.wake();
    }, batchDelay).unref();
  });

  return {
    settled: async () => {
      for (;;) {
        for (let from: string | undefined = nilIdentifier; from; ) from = await lookFrom(from);
        if (behind.size === 0) return;
        await loop.settled();
      }
    },
    stop: async (patience) => {
      clearTimeout(batch);
      await loop.stop(patience);
    },
  };
}

/**
 * Indexes the next entries of one property. A failure there is no obstacle for the other properties: it is left alone
 * for a while. @returns whether there is more to index
 */
function propertySteps({ db }: Store, failed: (error: unknown) => void) {
  const pausedUntil = new Map<string, number>();
  return async (id: string, signal: AbortSignal): Promise<boolean> => {
    if ((pausedUntil.get(id) ?? 0) > performance.now()) return false;
    try {
      const isSomethingLeft = await indexSome(db, id, limits[db.engine]);
      pausedUntil.delete(id);
      return isSomethingLeft;
    } catch (error) {
      if (!signal.aborted && pausedUntil.size === 0) failed(error);
      pausedUntil.set(id, performance.now() + pauseAfterFailure);
      return false;
    }
  };
}
