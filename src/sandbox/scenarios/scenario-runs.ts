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
  const { store, timeline, clock, newIdentifier, changed, failed, url, name: world } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const runs: MutableRun[] = [];
  /** What goes on once something was committed. */
  const waiting = new Set<() => void>();
  let commits = 0;
  store.onCommit(() => {
    commits += 1;
    for (const wake of [...waiting]) wake();
  });

  function drive(run: MutableRun, pauses: AsyncGenerator<Pause, void>): void {
    const goOn = async (): Promise<void> => {
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
    };
    const pause = ({ until, commitsSeen }: Pause): void => {
      if (commitsSeen === undefined) {
        timeline.at(until, goOn);
        return;
      }
      const wake = () => {
        waiting.delete(wake);
        callOff();
        timeline.at(clock(), goOn);
      };
      const callOff = timeline.at(until, () => {
        waiting.delete(wake);
        return goOn();
      });
      waiting.add(wake);
      // It was not yet waiting when that came.
      if (commits !== commitsSeen) wake();
    };
    timeline.at(clock(), goOn);
  }

  return {
    start: (scenario, { tokens, enterpriseId }) => {
      const { Name } = scenario;
      const run: MutableRun = {
        Id: newIdentifier(),
        Name,
        State: "Running",
        MessageThreadId: null,
        StepsDone: 0,
        Failure: null,
      };
      runs.push(run);
      const call = guestApplication({ url, world, tokens, signal });
      const opened = (messageThreadId: string) => {
        run.MessageThreadId = messageThreadId;
        changed();
      };
      const stepDone = () => {
        run.StepsDone += 1;
        changed();
      };
      drive(run, play({ parts, call, enterpriseId, commits: () => commits, opened, stepDone }, scenario));
      changed();
      return { ...run };
    },
    all: () => runs.map((run) => ({ ...run })),
    stop: () => {
      stopping.abort();
      waiting.clear();
    },
  };
}
