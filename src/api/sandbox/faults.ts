import { getAllFaults, setFaults } from "../../protocol/sandbox/faults.ts";
import type { Faults } from "../../sandbox/faults/faults.ts";
import { type SandboxOperation, sandboxOperation } from "./sandbox-operation.ts";

const defaultSeed = 1;

/** What goes wrong on purpose in a world. */
export const faultOperations: readonly SandboxOperation[] = [
  sandboxOperation(getAllFaults, ({ faults }) => ({ body: answerOf(faults) })),
  sandboxOperation(setFaults, ({ faults, changed }, { input }) => {
    faults.set(input.Faults, input.Seed ?? defaultSeed);
    changed();
    return { body: answerOf(faults) };
  }),
];

function answerOf({ state }: Faults) {
  const { faults, seed } = state();
  return { Faults: faults, Seed: seed };
}
