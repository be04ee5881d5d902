import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { optional, text } from "../values.ts";
import { requestFaultKinds, webhookFaultKinds } from "./kinds.ts";
import { duration } from "./sandbox-values.ts";

/**
 * What can go wrong on purpose. Of requests: `Delay` and then the true answer, `Status` instead of one, `Disconnect`
 * before anything was done, `Drop` of the answer after it was done, `Half` an answer. Of webhooks: `Delay`, `Drop`
 * (the receiver does not get this attempt), `Duplicate`, `Reorder` (this one after the next one), `Late` (minutes, as
 * the cloud does).
 */
export const Fault = Type.Object(
  {
    On: Type.Enum(["Request", "Webhook"]),
    Kind: Type.Enum([...new Set([...requestFaultKinds, ...webhookFaultKinds])]),
    Share: optional(
      Type.Number({ minimum: 0, maximum: 1, description: "Of the calls that it may bite; 1 by default." }),
    ),
    Times: optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000_000,
        description: "Bites so often and is over then. Unlimited by default.",
      }),
    ),
    Client: optional(
      text(255, { description: "Only a client's calls: its name in the sandbox, or what it says in Client." }),
    ),
    Operation: optional(text(100, { description: "Only this operation, as in messages/add." })),
    Status: optional(Type.Integer({ minimum: 408, maximum: 503, description: "Of Status: 408, 429, 500 or 503." })),
    RetryAfterSeconds: optional(
      Type.Integer({ minimum: 1, maximum: 86_400, description: "Of 429 and 503; 1 by default." }),
    ),
    Delay: optional(
      duration(
        "Of Delay: how long, of real time; 1s by default. Of Late: how long by the world's clock; 1 to 10 minutes by default.",
      ),
    ),
  },
  { $id: "Fault" },
);
export type Fault = Type.Static<typeof Fault>;

/** A fault that is set, how many calls it could have hit, and how many it did. */
export const FaultState = Type.Object({ Fault, Seen: Type.Integer(), Bitten: Type.Integer() }, { $id: "FaultState" });
export type FaultState = Type.Static<typeof FaultState>;

const example: Fault = { On: "Request", Kind: "Status", Status: 429, RetryAfterSeconds: 5, Share: 0.2 };

export const getAllFaults = describeOperation({
  resource: "faults",
  action: "getAll",
  summary: "List the faults",
  description: "Those that are set, and what they did so far.",
  input: Type.Object({}),
  output: Type.Object({ Faults: Type.Array(FaultState), Seed: Type.Integer() }),
  example: { request: {}, answer: { Faults: [{ Fault: example, Seen: 10, Bitten: 2 }], Seed: 1 } },
});

export const setFaults = describeOperation({
  resource: "faults",
  action: "set",
  summary: "Set the faults",
  description:
    "In place of those before; an empty list takes them all away. The first one that fits a call and whose share " +
    "falls on it bites. With the same seed the same calls are bitten.",
  input: Type.Object({
    Faults: Type.Array(Fault, { minItems: 0, maxItems: 100, description: "In the order in which they are tried." }),
    Seed: optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: "1 by default." })),
  }),
  output: Type.Object({ Faults: Type.Array(FaultState), Seed: Type.Integer() }),
  example: {
    request: { Faults: [example], Seed: 1 },
    answer: { Faults: [{ Fault: example, Seen: 0, Bitten: 0 }], Seed: 1 },
  },
});
