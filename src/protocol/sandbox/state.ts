import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { dateTime, optional } from "../values.ts";
import { asksNothing, sandboxName } from "./sandbox-values.ts";

const nothing = Type.Object({});

export const resetState = describeOperation({
  resource: "state",
  action: "reset",
  summary: "Start afresh",
  description: "As it was when the world was made: data, clock, faults, autopilot, and what went over the wire.",
  ...asksNothing,
});

export const snapshotState = describeOperation({
  resource: "state",
  action: "snapshot",
  summary: "Take a snapshot",
  description: "Keeps all data under a name until the sandbox ends, in place of the one of this name before.",
  input: Type.Object({ Name: sandboxName("The snapshot's name.") }),
  output: nothing,
  example: { request: { Name: "before-checkout" }, answer: {} },
});

export const restoreState = describeOperation({
  resource: "state",
  action: "restore",
  summary: "Restore a snapshot",
  description: "All data and the time are as they were; faults and autopilot are off. Any world may restore it.",
  input: Type.Object({ Name: sandboxName("The snapshot's name.") }),
  output: nothing,
  example: { request: { Name: "before-checkout" }, answer: {} },
});

export const getAllSnapshots = describeOperation({
  resource: "state",
  action: "getAllSnapshots",
  summary: "List the snapshots",
  description: "Of all worlds.",
  input: nothing,
  output: Type.Object({ Snapshots: Type.Array(Type.Object({ Name: Type.String(), TakenUtc: Type.String() })) }),
  example: { request: {}, answer: { Snapshots: [{ Name: "before-checkout", TakenUtc: "2026-05-05T20:12:03.250Z" }] } },
});

export const forkState = describeOperation({
  resource: "state",
  action: "fork",
  summary: "Fork a world",
  description:
    "Makes another world of this one: with all that was said, or with what was said up to a time. Webhooks come along " +
    "without what waited for them.",
  input: Type.Object({
    Name: sandboxName("The new world's name."),
    AtUtc: optional(dateTime("Up to this time, itself included. Everything by default.")),
  }),
  output: nothing,
  example: { request: { Name: "what-if", AtUtc: "2026-05-05T20:12:03Z" }, answer: {} },
});

export const importState = describeOperation({
  resource: "state",
  action: "import",
  summary: "Import what was exported",
  description: "In place of all data of the world.",
  input: Type.Object({
    Lines: Type.Array(Type.String(), {
      minItems: 1,
      maxItems: 10_000_000,
      description: "As GET /sandbox/v1/export answers them.",
    }),
  }),
  output: nothing,
  example: { request: { Lines: ['{"Format":"innbox","Version":1}'] }, answer: {} },
});

export const World = Type.Object({ Name: Type.String(), IsDefault: Type.Boolean() }, { $id: "World" });

export const getAllWorlds = describeOperation({
  resource: "worlds",
  action: "getAll",
  summary: "List the worlds",
  description: "Those that are in use. Any other name makes one when it is first asked.",
  input: nothing,
  output: Type.Object({ Worlds: Type.Array(World) }),
  example: { request: {}, answer: { Worlds: [{ Name: "default", IsDefault: true }] } },
});

export const dropWorld = describeOperation({
  resource: "worlds",
  action: "drop",
  summary: "Drop the world",
  description: "That this is asked of; the default one stays.",
  ...asksNothing,
});
