import { Problem } from "../../core/problem.ts";
import type { ClockState } from "../../protocol/sandbox/clock.ts";
import type { Scenario, ScenarioRun, ScenarioStep } from "../../protocol/sandbox/scenarios.ts";
import type { Command, Terminal, Values } from "../command.ts";
import { printJson, table } from "../printing.ts";
import { eventsIn } from "./event-stream.ts";
import { askSandbox, callSandbox, given, sandboxCommand, sandboxOptions } from "./sandbox-request.ts";

const scenariosCommand = sandboxCommand<{ Scenarios: readonly Scenario[] }>({
  name: "scenarios",
  summary: "List the conversations that guests can start.",
  examples: ["scenarios"],
  operation: "scenarios/getAll",
  out: ({ Scenarios }) =>
    table(
      ["NAME", "LANGUAGE", "STEPS", "DESCRIPTION"],
      Scenarios.map(({ Name, LanguageCode, Steps, Description }) => [
        Name,
        LanguageCode ?? "-",
        String(Steps.length),
        Description,
      ]),
    ),
});

const runsCommand = sandboxCommand<{ Runs: readonly ScenarioRun[] }>({
  name: "runs",
  summary: "See how the conversations go that were started.",
  examples: ["runs"],
  operation: "scenarios/getAllRuns",
  out: ({ Runs }) =>
    table(
      ["NAME", "STATE", "STEPS DONE", "THREAD", "FAILURE"],
      Runs.map(({ Name, State, StepsDone, MessageThreadId, Failure }) => [
        Name,
        State,
        String(StepsDone),
        MessageThreadId ?? "-",
        Failure ?? "-",
      ]),
    ),
});

const playCommand: Command = {
  name: "sandbox play",
  summary: "Have a guest start a conversation, from the library or from a file of your own.",
  examples: [
    "sandbox play late-arrival",
    "sandbox play ./our-checkout.yaml --wait    (1 when it does not go as expected)",
    "sandbox play ./our-checkout.ts --enterprise 3fa85f64-5717-4562-b3fc-2c963f66afa6",
  ],
  operand: "scenario",
  options: [
    { name: "scenario", placeholder: "NAME|FILE", description: "What is played.", isRequired: true },
    { name: "enterprise", placeholder: "ID", description: "The property that the guest writes to." },
    { name: "wait", description: "Show each step as it is done, and wait for the end." },
    ...sandboxOptions,
  ],
  run: async (values, terminal) => {
    const asked = values.required("scenario");
    const chosen = await scenarioIn(asked);
    const input = given({ ...chosen, EnterpriseId: values.text("enterprise") });
    if (values.has("wait")) return playToTheEnd(values, terminal, input, chosen);
    const answer = await askSandbox<{ Run: ScenarioRun }>(values, "scenarios/start", input);
    if (values.has("json")) return printJson(terminal, answer);
    terminal.note(`Started ${answer.Run.Name}; see innbox sandbox runs. The run's id:`);
    terminal.out(answer.Run.Id);
  },
};

interface ChosenScenario {
  readonly Name?: string;
  readonly Scenario?: Scenario;
}

/** The scenario in a file, if what was typed looks like a path; otherwise the name of one in the library. */
async function scenarioIn(asked: string): Promise<ChosenScenario> {
  const isFile = /[/\\]|\.[a-z]{2,4}$/i.test(asked);
  if (!isFile) return { Name: asked };
  const { readScenario } = await import("../../sandbox/scenarios/scenario-file.ts");
  return { Scenario: await readScenario(asked) };
}

async function playToTheEnd(values: Values, terminal: Terminal, input: object, chosen: ChosenScenario): Promise<void> {
  // Opened before the scenario starts, so that the stream has its first step.
  const stream = await callSandbox(values, "live", { headers: { Accept: "text/event-stream" } });
  const steps = await stepsOf(values, chosen);
  const { Run } = await askSandbox<{ Run: ScenarioRun }>(values, "scenarios/start", input);
  const { IsFrozen } = await askSandbox<ClockState>(values, "clock/get");
  const isForPeople = !values.has("json");
  if (isForPeople && IsFrozen) terminal.note("The world's clock stands still: see innbox sandbox clock --help.");
  let done = 0;
  const show = (run: ScenarioRun) => {
    for (; done < run.StepsDone; done += 1) {
      const step = steps[done];
      if (isForPeople && step) terminal.note(`${String(done + 1).padStart(3)}/${steps.length}  ${stepLine(step)}`);
    }
  };
  for await (const { event } of eventsIn(stream)) {
    if (event !== "state") continue;
    const run = await runOf(values, Run.Id);
    show(run);
    if (run.State === "Running") continue;
    if (!isForPeople) printJson(terminal, { Run: run });
    if (run.State === "Failed") throw new Problem("unavailable", run.Failure ?? "It failed.");
    if (isForPeople) terminal.note(`${run.Name} went as expected. The thread's id:`);
    if (isForPeople) terminal.out(run.MessageThreadId ?? "");
    return;
  }
  throw new Problem("unavailable", "The sandbox ended, or was reset, before the conversation did.");
}

async function runOf(values: Values, id: string): Promise<ScenarioRun> {
  const { Runs } = await askSandbox<{ Runs: readonly ScenarioRun[] }>(values, "scenarios/getAllRuns");
  const run = Runs.find(({ Id }) => Id === id);
  if (!run) throw new Problem("unavailable", "The sandbox was reset before the conversation ended.");
  return run;
}

async function stepsOf(values: Values, { Name, Scenario }: ChosenScenario): Promise<readonly ScenarioStep[]> {
  if (Scenario) return Scenario.Steps;
  const { Scenarios } = await askSandbox<{ Scenarios: readonly Scenario[] }>(values, "scenarios/getAll");
  return Scenarios.find((scenario) => scenario.Name === Name)?.Steps ?? [];
}

/** A step in one line, as in `Guest: Our flight lands at 23:40.` */
function stepLine(step: ScenarioStep): string {
  const [[kind, value] = ["", ""]] = Object.entries(step).filter(([name]) => name !== "Repeat");
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const line = `${kind}: ${text.replace(/\s+/g, " ")}${step.Repeat ? ` (${step.Repeat} times)` : ""}`;
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

export const sandboxScenarioCommands: readonly Command[] = [scenariosCommand, playCommand, runsCommand];
