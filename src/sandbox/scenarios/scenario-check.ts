import { invalid } from "../../core/problem.ts";
import { Scenario, ScenarioStep } from "../../protocol/sandbox/scenarios.ts";
import { type Check, checkOf } from "../../protocol/validation.ts";

const checkShape: Check<Scenario> = checkOf(Scenario);

/** The kinds of steps: a step has exactly one of these fields. */
const kinds = ["Guest", "Staff", "Resolve", "Reopen", "Wait", "Expect"] as const;

/**
 * A scenario that can be played.
 * @throws Problem (invalid) with the first thing that is wrong and its place, as in `Steps[3].Wait must be …`
 */
export function checkScenario(value: unknown): Scenario {
  const scenario = checkShape(value);
  checkNames("", scenario, Scenario.properties);
  for (const [index, step] of scenario.Steps.entries()) checkStep(`Steps[${index}]`, step);
  return scenario;
}

function checkStep(place: string, step: ScenarioStep): void {
  checkNames(place, step, ScenarioStep.properties);
  const [kind, other] = kinds.filter((name) => step[name] !== undefined && step[name] !== null);
  if (!kind || other) {
    const found = kind ? `, not ${kind} and ${other}` : "";
    throw invalid(`${place} must have exactly one of Guest, Staff, Resolve, Reopen, Wait and Expect${found}.`);
  }
  if (step.Repeat && kind !== "Guest") throw invalid(`${place}.Repeat is for Guest only.`);
  if (step.Resolve === false || step.Reopen === false) throw invalid(`${place}.${kind} must be true.`);
  if (!step.Expect) return;
  checkNames(`${place}.Expect`, step.Expect, ScenarioStep.properties.Expect.properties);
  const { Sender, Text, IsResolved } = step.Expect;
  if (Sender === undefined && !Text && IsResolved === undefined) {
    throw invalid(`${place}.Expect must have Sender, Text or IsResolved.`);
  }
}

/** An unknown name is a typing error: to ignore it would play another conversation than the author meant. */
function checkNames(place: string, value: object, known: object): void {
  const unknown = Object.keys(value).find((name) => !(name in known));
  if (unknown === undefined) return;
  const names = Object.keys(known).join(", ");
  throw invalid(`${place ? `${place}.` : ""}${unknown} is nothing that is known here; there is ${names}.`);
}
