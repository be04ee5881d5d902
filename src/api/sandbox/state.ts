import { Problem } from "../../core/problem.ts";
import {
  dropWorld,
  forkState,
  getAllSnapshots,
  getAllWorlds,
  importState,
  resetState,
  restoreState,
  snapshotState,
} from "../../protocol/sandbox/state.ts";
import { formatWorldTime, readWorldTime } from "../../sandbox/clock/world-time.ts";
import { importLines } from "../../sandbox/worlds/state-lines.ts";
import { defaultWorld } from "../../sandbox/worlds/world-names.ts";
import type { Image, Worlds } from "../../sandbox/worlds/worlds.ts";
import { truncateHistoryAt } from "../../store/copy/truncate-history.ts";
import { type SandboxOperation, sandboxOperation, unlimitedOperation } from "./sandbox-operation.ts";

/** All worlds, and the one that is asked. */
export interface StateContext {
  readonly worlds: Worlds;
  readonly name: string;
  /** By their names. */
  readonly snapshots: Map<string, Image>;
}

const done = { body: {} };

/** What happens to whole worlds. */
export const stateOperations: readonly SandboxOperation<StateContext>[] = [
  unlimitedOperation(resetState, async ({ worlds, name }: StateContext) => {
    await worlds.renew(name);
    return done;
  }),
  unlimitedOperation(snapshotState, async ({ worlds, name, snapshots }: StateContext, { input }) => {
    const image = await worlds.takeImage(name);
    const before = snapshots.get(input.Name);
    snapshots.set(input.Name, image);
    await before?.db.close();
    return done;
  }),
  unlimitedOperation(restoreState, async ({ worlds, name, snapshots }: StateContext, { input }) => {
    const image = snapshots.get(input.Name);
    if (!image) throw new Problem("conflict", `There is no snapshot "${input.Name}".`);
    await worlds.renew(name, image);
    return done;
  }),
  sandboxOperation(getAllSnapshots, ({ snapshots }: StateContext) => ({
    body: {
      Snapshots: [...snapshots].map(([Name, { taken }]) => ({ Name, TakenUtc: formatWorldTime(taken) })),
    },
  })),
  unlimitedOperation(forkState, async ({ worlds, name }: StateContext, { input }) => {
    mustBeAnother(name, input.Name);
    const image = await worlds.takeImage(name);
    try {
      await truncateHistoryAt(image.db, input.AtUtc ? lastMicrosecondOf(input.AtUtc) : undefined);
      await worlds.renew(input.Name, image);
    } finally {
      await image.db.close();
    }
    return done;
  }),
  unlimitedOperation(importState, async ({ worlds, name }: StateContext, { input }) => {
    const image = await importLines(input.Lines);
    try {
      await worlds.renew(name, image);
    } finally {
      await image.db.close();
    }
    return done;
  }),
  sandboxOperation(getAllWorlds, ({ worlds }: StateContext) => ({
    body: { Worlds: worlds.names().map((Name) => ({ Name, IsDefault: Name === defaultWorld })) },
  })),
  unlimitedOperation(dropWorld, async ({ worlds, name }: StateContext) => {
    if (name === defaultWorld) throw new Problem("conflict", "The default world stays; reset it instead.");
    await worlds.drop(name);
    return done;
  }),
];

function mustBeAnother(name: string, other: string): void {
  if (other === defaultWorld) throw new Problem("conflict", "A fork does not take the place of the default world.");
  if (other === name) throw new Problem("conflict", "A fork must have another name than the world that it comes from.");
}

/**
 * The last microsecond that answers print like this text: they have whole seconds, so that an entry which was answered
 * with this second belongs to the fork.
 */
function lastMicrosecondOf(text: string): number {
  const at = readWorldTime(text);
  return at % 1_000_000 === 0 ? at + 999_999 : at;
}
