import { signal } from "@preact/signals";
import type { Scenario, ScenarioRun, ScenarioStep } from "../../../src/protocol/sandbox/scenarios.ts";
import { showThread } from "../desk/desk.ts";
import { ensureAnswers } from "../panels/helpfulness.ts";
import { ask } from "../server/ask.ts";
import { runs } from "../world.ts";
import { chat, follow, followThread } from "./guest.ts";

/** The scenarios that can be played. */
export const scenarios = signal<readonly Scenario[]>([]);

export async function loadScenarios(): Promise<void> {
  scenarios.value = (await ask("scenarios/getAll", {})).Scenarios;
}

/** Starts a scenario and shows its guest's chat. @throws Refusal */
export async function play({ Name, OriginalSender }: Scenario): Promise<void> {
  const { propertyId } = chat.value;
  await ensureAnswers();
  const { Run } = await ask("scenarios/start", { Name, EnterpriseId: propertyId });
  follow({ guest: OriginalSender, runId: Run.Id });
  runs.value = [...runs.value.filter(({ Id }) => Id !== Run.Id), Run];
  followRun();
}

/** Opens the thread of the run that is in the chat, once there is one. */
export function followRun(): void {
  const { runId, threadId } = chat.value;
  const run = runs.value.find(({ Id }) => Id === runId);
  const opened = run?.MessageThreadId;
  if (!opened || threadId) return;
  followThread(opened);
  showThread(opened);
}

/** The step that a run is at. */
export function currentStep(run: ScenarioRun, library: readonly Scenario[]): ScenarioStep | undefined {
  return library.find(({ Name }) => Name === run.Name)?.Steps[run.StepsDone];
}

/** What a step does, as the guest's side sees it. */
export function stepSaid(step: ScenarioStep | undefined): string {
  if (step?.Guest) return "The guest writes.";
  if (step?.Staff) return "The staff reply.";
  if (step?.Resolve) return "The staff resolve the thread.";
  if (step?.Reopen) return "The staff reopen the thread.";
  if (step?.Wait) return `Nothing happens for ${step.Wait} of the world’s clock.`;
  if (step?.Expect?.IsResolved !== undefined) {
    return `Waits for the thread to be ${step.Expect.IsResolved ? "resolved" : "open"}.`;
  }
  if (step?.Expect?.Sender === "Enterprise") return "Waits for the staff: answer in the inbox.";
  return "Goes on.";
}
