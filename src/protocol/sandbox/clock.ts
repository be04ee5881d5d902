import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { dateTime } from "../values.ts";
import { duration } from "./sandbox-values.ts";

export const ClockState = Type.Object(
  {
    NowUtc: Type.String({ description: "The world's time, with milliseconds." }),
    IsFrozen: Type.Boolean({ description: "Whether it stands still until somebody moves it." }),
  },
  { $id: "ClockState" },
);
export type ClockState = Type.Static<typeof ClockState>;

const frozen: ClockState = { NowUtc: "2026-05-05T20:12:03.250Z", IsFrozen: true };
const asksState = { input: Type.Object({}), output: ClockState, example: { request: {}, answer: frozen } };

export const getClock = describeOperation({
  resource: "clock",
  action: "get",
  summary: "Read the clock",
  description: "Limits, retries, expiry and every CreatedUtc of the world go by it.",
  ...asksState,
});

export const freezeClock = describeOperation({
  resource: "clock",
  action: "freeze",
  summary: "Freeze the clock",
  description: "It stands still until it is moved, or let go.",
  ...asksState,
});

export const unfreezeClock = describeOperation({
  resource: "clock",
  action: "unfreeze",
  summary: "Let the clock go on",
  description: "From where it stands, as fast as time goes.",
  ...asksState,
  example: { request: {}, answer: { ...frozen, IsFrozen: false } },
});

export const setClock = describeOperation({
  resource: "clock",
  action: "set",
  summary: "Set the clock",
  description:
    "Back or forth, at once: what would have been due meanwhile is due then. What a property has said is never before " +
    "what it has said already.",
  input: Type.Object({ NowUtc: dateTime("The world's time from now on.") }),
  output: ClockState,
  example: { request: { NowUtc: "2026-05-05T20:12:03Z" }, answer: { ...frozen, NowUtc: "2026-05-05T20:12:03.000Z" } },
});

export const advanceClock = describeOperation({
  resource: "clock",
  action: "advance",
  summary: "Advance the clock",
  description:
    "Goes from one thing that is due to the next, and lets each happen at its time: 75 hours of retries in a second. " +
    "Answers when all of it is done.",
  input: Type.Object({ By: duration("How far, as in 30s, 5m or 75h.") }),
  output: ClockState,
  example: { request: { By: "75h" }, answer: frozen },
});
