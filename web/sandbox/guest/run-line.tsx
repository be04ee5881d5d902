import { Glyph } from "../glyph.tsx";
import { attempt } from "../notices.ts";
import { ask } from "../server/ask.ts";
import { runs } from "../world.ts";
import { currentStep, scenarios, stepSaid } from "./scenarios.ts";
import "./run-line.css";

/** At which step of its scenario a run is. */
export function RunLine({ runId }: { readonly runId: string }) {
  const run = runs.value.find(({ Id }) => Id === runId);
  const library = scenarios.value;
  if (!run) return null;
  const steps = library.find(({ Name }) => Name === run.Name)?.Steps.length;
  const step = currentStep(run, library);
  const wait = step?.Wait;
  const said = run.State === "Running" ? stepSaid(step) : run.State === "Passed" ? "Went as expected." : run.Failure;
  return (
    <div class={`run run-${run.State.toLowerCase()}`} role="status">
      <p>
        <strong>{run.Name.replaceAll("-", " ")}</strong> {run.StepsDone}
        {steps ? ` of ${steps}` : ""} · {said}
      </p>
      {run.State === "Running" && wait && (
        <button
          type="button"
          class="text-button"
          onClick={() => void attempt(() => ask("clock/advance", { By: wait }))}
        >
          <Glyph name="skip" size={12} /> Skip
        </button>
      )}
    </div>
  );
}
