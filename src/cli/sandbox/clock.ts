import type { ClockState } from "../../protocol/sandbox/clock.ts";
import { type Command, UsageError, type Values } from "../command.ts";
import { printJson } from "../printing.ts";
import { askSandbox, sandboxOptions } from "./sandbox-request.ts";

export const sandboxClockCommand: Command = {
  name: "sandbox clock",
  summary: "Read the world's clock, or move it: limits, retries and every CreatedUtc go by it.",
  examples: [
    "sandbox clock",
    "sandbox clock --freeze --set 2026-05-05T20:00:00Z",
    "sandbox clock --advance 75h    (all that is due meanwhile happens, each at its time)",
    "sandbox clock --unfreeze",
  ],
  options: [
    { name: "freeze", description: "Have it stand still until it is moved." },
    { name: "unfreeze", description: "Let it go on from where it stands." },
    { name: "set", placeholder: "TIME", description: "Set it, as in 2026-05-05T20:00:00Z." },
    { name: "advance", placeholder: "TIME", description: "Go on by so much, as in 30s or 75h." },
    ...sandboxOptions,
  ],
  run: async (values, terminal) => {
    let clock = await askSandbox<ClockState>(values, "clock/get");
    for (const [operation, input] of movesIn(values)) clock = await askSandbox<ClockState>(values, operation, input);
    if (values.has("json")) return printJson(terminal, clock);
    terminal.note(clock.IsFrozen ? "It stands still at" : "It goes, and is at");
    terminal.out(clock.NowUtc);
  },
};

/** The operations that the flags ask for: freeze first and unfreeze last, so that the clock is set while it stands. */
function movesIn(values: Values): (readonly [operation: string, input: object])[] {
  if (values.has("freeze") && values.has("unfreeze")) throw new UsageError("Give --freeze or --unfreeze, not both.");
  const [set, by] = [values.text("set"), values.text("advance")];
  return [
    ...(values.has("freeze") ? [["clock/freeze", {}] as const] : []),
    ...(set === undefined ? [] : [["clock/set", { NowUtc: set }] as const]),
    ...(by === undefined ? [] : [["clock/advance", { By: by }] as const]),
    ...(values.has("unfreeze") ? [["clock/unfreeze", {}] as const] : []),
  ];
}
