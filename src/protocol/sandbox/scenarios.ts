import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { nullableText, optional, text, uuid } from "../values.ts";
import { duration } from "./sandbox-values.ts";

const line = (description: string) => text(65_536, { description });

/**
 * One step of a conversation, exactly one of its kinds: the guest writes, the staff reply, resolve or reopen, a pause of
 * the world's clock, or something that must have come true within a time.
 */
export const ScenarioStep = Type.Object(
  {
    Guest: optional(line("The guest writes this.")),
    Repeat: optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: "Of Guest: so often, {n} counting in its text." }),
    ),
    Staff: optional(line("The staff reply this.")),
    Resolve: Type.Optional(Type.Boolean({ description: "The staff resolve the thread." })),
    Reopen: Type.Optional(Type.Boolean({ description: "The staff reopen the thread." })),
    Wait: optional(duration("Nothing happens for so long, by the world's clock.")),
    Expect: Type.Optional(
      Type.Object(
        {
          Sender: Type.Optional(Type.Enum(["Application", "Enterprise"], { description: "Who must have written." })),
          Text: optional(text(1000, { description: "Words that a message must contain, in any letter case." })),
          IsResolved: Type.Optional(Type.Boolean({ description: "How the thread must be." })),
          Within: optional(duration("By when, by the world's clock; 1m by default.")),
        },
        { description: "A message since the last step of the guest or the staff, or the state of the thread." },
      ),
    ),
  },
  { $id: "ScenarioStep" },
);
export type ScenarioStep = Type.Static<typeof ScenarioStep>;

export const Scenario = Type.Object(
  {
    Name: text(100, { description: "As in late-arrival." }),
    Description: text(1000, { description: "What it is about." }),
    LanguageCode: optional(text(20, { description: "The guest's language." })),
    OriginalSender: text(512, { description: "The guest." }),
    Subject: text(1024, { description: "The thread's subject." }),
    Steps: Type.Array(ScenarioStep, { minItems: 1, maxItems: 1000, description: "One after the other." }),
  },
  { $id: "Scenario" },
);
export type Scenario = Type.Static<typeof Scenario>;

/** How a conversation from a scenario goes. */
export const ScenarioRun = Type.Object(
  {
    Id: Type.String({ description: "Of the run." }),
    Name: Type.String(),
    State: Type.Enum(["Running", "Passed", "Failed"]),
    MessageThreadId: nullableText("Null until it is opened."),
    StepsDone: Type.Integer(),
    Failure: nullableText("What was not as expected."),
  },
  { $id: "ScenarioRun" },
);
export type ScenarioRun = Type.Static<typeof ScenarioRun>;

const scenario: Scenario = {
  Name: "late-arrival",
  Description: "A guest comes after midnight and asks whether somebody will be there.",
  LanguageCode: "en",
  OriginalSender: "Jane Guest",
  Subject: "Late arrival",
  Steps: [
    { Guest: "Our flight lands at 23:40. Is anybody at the desk after midnight?" },
    { Expect: { Sender: "Enterprise", Within: "5m" } },
    { Guest: "Thank you!" },
  ],
};
const run: ScenarioRun = {
  Id: "0195d3a0-1c5e-7000-8000-5c1d6f3a2b18",
  Name: "late-arrival",
  State: "Running",
  MessageThreadId: "0195d3a0-1c5e-7000-8000-5c1d6f3a2b19",
  StepsDone: 1,
  Failure: null,
};

export const getAllScenarios = describeOperation({
  resource: "scenarios",
  action: "getAll",
  summary: "List the scenarios",
  description: "The library that comes with the sandbox.",
  input: Type.Object({}),
  output: Type.Object({ Scenarios: Type.Array(Scenario) }),
  example: { request: {}, answer: { Scenarios: [scenario] } },
});

export const startScenario = describeOperation({
  resource: "scenarios",
  action: "start",
  summary: "Start a conversation",
  description:
    "One of the library by its name, or one of your own. The guest writes through the Connector API, as the client " +
    "whose tokens are given, or as Client 1.",
  input: Type.Object({
    Name: optional(text(100, { description: "One of the library." })),
    Scenario: Type.Optional(Scenario),
    ClientToken: optional(text(1024, { description: "The client on whose behalf the guest writes." })),
    AccessToken: optional(text(1024, { description: "Of the same client." })),
    EnterpriseId: optional(uuid("The property that the guest writes to. The token's primary one by default.")),
  }),
  output: Type.Object({ Run: ScenarioRun }),
  example: { request: { Name: "late-arrival" }, answer: { Run: run } },
});

export const getAllRuns = describeOperation({
  resource: "scenarios",
  action: "getAllRuns",
  summary: "See how conversations go",
  description: "Those that were started, the latest last.",
  input: Type.Object({}),
  output: Type.Object({ Runs: Type.Array(ScenarioRun) }),
  example: { request: {}, answer: { Runs: [run] } },
});
