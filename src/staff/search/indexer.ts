import { setImmediate, setTimeout } from "node:timers/promises";
import { within } from "../../core/deadline.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { indexSome, propertiesAfter } from "../../store/search/search-index.ts";
import type { Store } from "../../store/store.ts";

/** How long what was committed may wait for more of it, in milliseconds: a search finds it this much later. */
const gathering = 100;

/** How often to look for what nobody told of, such as other processes' commits, in milliseconds. */
const interval = 500;

/** How many properties to look at then. */
const page = 500;

/** How many entries of a log one transaction adds: on SQLite nobody else does anything meanwhile. */
const limits = { sqlite: 100, postgres: 200 } as const;

/** How long such a look may take, in milliseconds. */
const lookLimit = 3000;

/** How long a step under way may take to end when the server stops, in milliseconds. */
const stopPatience = 1000;

/** How long to wait after the database refused, in milliseconds. */
const troublePause = 5000;

export interface SearchIndexer {
  /** Resolves when everything that was committed before the call can be found. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Keeps what is searched up to date with the properties' logs. What is new comes first; what was there before comes in
 * the pauses, from the newest on, in small steps that leave others half of the time. Any number of processes do so at
 * once, each property by one of them.
 */
export function searchIndexer({ db, onCommit }: Store, failed: (error: unknown) => void): SearchIndexer {
  const stopping = new AbortController();
  const { signal } = stopping;
  /** Properties that the index may lack something of. */
  const behind = new Set<string>();
  /** Properties that could not be indexed, and until when they are left alone. */
  const restingUntil = new Map<string, number>();
  let isFailing = false;
  let wakeUp: (() => void) | undefined;
  /** Where the next look at the properties begins, and when it is due. */
  let place = nilIdentifier;
  let lookAt = 0;

  const pause = (milliseconds: number) =>
    setTimeout(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);

  onCommit((changes) => {
    for (const { enterpriseId } of changes) behind.add(enterpriseId);
    wakeUp?.();
  });

  /** Looks at some properties. @returns where to go on; `undefined` behind the last one */
  async function lookFrom(from: string): Promise<string | undefined> {
    const properties = await propertiesAfter(db.until(within(lookLimit)), from, page);
    for (const { id, isBehind } of properties) if (isBehind) behind.add(id);
    return properties.length < page ? undefined : properties.at(-1)?.id;
  }

  /** One step for each property that is behind. */
  async function stepAll(): Promise<void> {
    for (const id of [...behind]) {
      if (signal.aborted) return;
      const begin = performance.now();
      behind.delete(id);
      if ((restingUntil.get(id) ?? 0) > begin) continue;
      const isLeft = await step(id);
      // Others have a turn, however many properties there are.
      await setImmediate();
      if (!isLeft) continue;
      behind.add(id);
      await pause(performance.now() - begin);
    }
  }

  /** What one property can't have indexed keeps no other one from it. */
  async function step(id: string): Promise<boolean> {
    try {
      const isLeft = await indexSome(db, id, limits[db.engine]);
      restingUntil.delete(id);
      return isLeft;
    } catch (error) {
      if (!signal.aborted && restingUntil.size === 0) failed(error);
      restingUntil.set(id, performance.now() + troublePause);
      return false;
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        if (performance.now() >= lookAt) {
          place = (await lookFrom(place)) ?? nilIdentifier;
          lookAt = performance.now() + interval;
        }
        await stepAll();
        if (behind.size === 0) await rest();
        isFailing = false;
      } catch (error) {
        if (signal.aborted) return;
        // Once is enough for as long as it lasts.
        if (!isFailing) failed(error);
        isFailing = true;
        await pause(troublePause);
      }
    }
  }

  /** Until something is committed, and what comes with it, or until it is time to look again. */
  async function rest(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      wakeUp = resolve;
    });
    await Promise.race([woken, pause(interval)]);
    wakeUp = undefined;
    if (behind.size > 0) await pause(gathering);
  }

  const running = run();
  return {
    settled: async () => {
      for (;;) {
        for (let from: string | undefined = nilIdentifier; from; ) from = await lookFrom(from);
        if (behind.size === 0) return;
        wakeUp?.();
        await setTimeout(10);
      }
    },
    stop: async () => {
      stopping.abort();
      await Promise.race([running, setTimeout(stopPatience, undefined, { ref: false })]);
    },
  };
}
