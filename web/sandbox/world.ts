import { signal } from "@preact/signals";
import type { Autopilot } from "../../src/protocol/sandbox/autopilot.ts";
import type { ClockState } from "../../src/protocol/sandbox/clock.ts";
import type { Fault, FaultState } from "../../src/protocol/sandbox/faults.ts";
import type { ScenarioRun } from "../../src/protocol/sandbox/scenarios.ts";
import { ask } from "./server/ask.ts";

/** What the staff do by themselves. */
export const autopilot = signal<Autopilot>({ Mode: "Off" });
/** The faults that are set, with how often each was injected. */
export const faults = signal<readonly FaultState[]>([]);
export const runs = signal<readonly ScenarioRun[]>([]);

/** The world's time as it was when it was asked for, and when that was. */
interface SeenClock {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly isFrozen: boolean;
  /** Milliseconds of `performance.now`. */
  readonly seen: number;
}

export const clock = signal<SeenClock | undefined>(undefined);

/** If the server's clock differs by more milliseconds from what the page expects, it was moved. */
const moved = 5000;

/** The world's time now, in milliseconds since 1970. */
export function worldTime({ time, isFrozen, seen }: SeenClock): number {
  return isFrozen ? time : time + performance.now() - seen;
}

/** Takes what the server says of the clock. @returns whether it was moved since it was last looked at */
export function takeClock({ NowUtc, IsFrozen }: ClockState): boolean {
  const before = clock.value;
  const time = Date.parse(NowUtc);
  clock.value = { time, isFrozen: IsFrozen, seen: performance.now() };
  return before !== undefined && Math.abs(time - worldTime(before)) > moved;
}

/** Fetches autopilot, faults, clock and runs. @returns whether the clock was moved @throws Refusal */
export async function loadWorld(): Promise<boolean> {
  const [pilot, set, now, played] = await Promise.all([
    ask("autopilot/get", {}),
    ask("faults/getAll", {}),
    ask("clock/get", {}),
    ask("scenarios/getAllRuns", {}),
  ]);
  autopilot.value = pilot.Autopilot;
  faults.value = set.Faults;
  runs.value = played.Runs;
  return takeClock(now);
}

export async function setAutopilot(wanted: Autopilot): Promise<void> {
  autopilot.value = (await ask("autopilot/set", wanted)).Autopilot;
}

/** Replaces all faults that are set. */
export async function setFaults(wanted: readonly Fault[]): Promise<void> {
  faults.value = (await ask("faults/set", { Faults: [...wanted] })).Faults;
}

/** The world of this page, by the host in its address. */
export const worldName = /^([a-z0-9-]+)\.localhost$/.exec(location.hostname)?.[1] ?? "default";

/** The address of another world's page. */
export function worldAddress(name: string): string {
  const host = name === "default" ? "localhost" : `${name}.localhost`;
  return `${location.protocol}//${host}${location.port ? `:${location.port}` : ""}/`;
}
