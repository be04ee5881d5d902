import { Problem } from "../../core/problem.ts";
import type { Scenario, ScenarioRun } from "../../protocol/sandbox/scenarios.ts";
import type { WorldParts } from "../worlds/world-parts.ts";
import { guestApplication } from "./scenario-guest.ts";
import { type Pause, play } from "./scenario-play.ts";

/** Who the guest of a run writes through, and to which property. */
export interface ScenarioPlace {
  readonly tokens: { readonly ClientToken: string; readonly AccessToken: string };
  readonly enterpriseId: string | undefined;
}

/** Conversations from scenarios that were started in a world. */
export interface ScenarioRuns {
  /** The scenario must have been checked. */
  start(scenario: Scenario, place: ScenarioPlace): ScenarioRun;
  /** The latest last. */
  all(): readonly ScenarioRun[];
  stop(): void;
}

type MutableRun = { -readonly [K in keyof ScenarioRun]: ScenarioRun[K] };

/** Plays conversations by the world's clock: everything that they do is done by its timeline. */
export function scenarioRuns(parts: WorldParts): ScenarioRuns {
  const { newIdentifier, changed } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const runs: MutableRun[] = [];
  const commits = commitCounter(parts.store);

  function start(scenario: Scenario, { tokens, enterpriseId }: ScenarioPlace): ScenarioRun {
    const begun = { State: "Running", MessageThreadId: null, StepsDone: 0, Failure: null } as const;
    const run: MutableRun = { Id: newIdentifier(), Name: scenario.Name, ...begun };
    runs.push(run);
    const stage = {
      parts,
      call: guestApplication(parts, tokens, signal),
      enterpriseId,
      commits: commits.count,
      opened: (messageThreadId: string) => {
        run.MessageThreadId = messageThreadId;
        changed();
      },
      stepDone: () => {
        run.StepsDone += 1;
        changed();
      },
    };
    drive(parts, commits, signal, run, play(stage, scenario));
    changed();
    return { ...run };
  }

  return {
    start,
    all: () => runs.map((run) => ({ ...run })),
    stop: () => {
      stopping.abort();
      commits.stop();
    },
  };
}

/** Goes from one pause of a play to the next, and notes how it ends. */
function drive(
  { timeline, clock, changed, failed }: WorldParts,
  commits: CommitCounter,
  signal: AbortSignal,
  run: MutableRun,
  pauses: AsyncGenerator<Pause, void>,
): void {
  async function goOn(): Promise<void> {
    if (signal.aborted) return;
    try {
      const { value, done } = await pauses.next();
      if (signal.aborted) return;
      if (!done) return pause(value);
      run.State = "Passed";
    } catch (error) {
      if (signal.aborted) return;
      run.State = "Failed";
      run.Failure = error instanceof Problem ? error.message : "The sandbox could not go on with it.";
      if (!(error instanceof Problem)) failed(error);
    }
    changed();
  }

  function pause({ until, commitsSeen }: Pause): void {
    let forget = () => {};
    const callOff = timeline.at(until, () => {
      forget();
      return goOn();
    });
    if (commitsSeen === undefined) return;
    forget = commits.onceAfter(commitsSeen, () => {
      callOff();
      timeline.at(clock(), goOn);
    });
  }

  timeline.at(clock(), goOn);
}

/** Counts the commits of a store. */
interface CommitCounter {
  count(): number;
  /** Has `wake` called once when there are more commits than `seen`, at once if there are. @returns what ends that */
  onceAfter(seen: number, wake: () => void): () => void;
  stop(): void;
}

function commitCounter(store: WorldParts["store"]): CommitCounter {
  const waiting = new Set<() => void>();
  let commits = 0;
  store.onCommit(() => {
    commits += 1;
    for (const wake of waiting) {
      waiting.delete(wake);
      wake();
    }
  });
  return {
    count: () => commits,
    onceAfter: (seen, wake) => {
      if (commits === seen) waiting.add(wake);
      else wake();
      return () => waiting.delete(wake);
    },
    stop: () => waiting.clear(),
  };
}
