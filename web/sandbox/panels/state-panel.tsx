import { useEffect, useState } from "preact/hooks";
import { Form } from "../../shared/form.tsx";
import { attempt, tell } from "../notices.ts";
import { ask } from "../server/ask.ts";
import type { OutputOf } from "../server/wire.ts";
import { worldAddress, worldName } from "../world.ts";
import { Field } from "./panel.tsx";

type Snapshot = OutputOf<"state/getAllSnapshots">["Snapshots"][number];

/** Resets, snapshots, forks, exports and imports the whole world. */
export function StatePanel() {
  return (
    <>
      <ResetButton />
      <Snapshots />
      <Fork />
      <Files />
    </>
  );
}

/** Asks once more before it deletes everything. */
function ResetButton() {
  const [isAsking, setAsking] = useState(false);
  const reset = () => {
    setAsking(false);
    void attempt(async () => {
      await ask("state/reset", {});
      tell("The world is as it was in the beginning.");
    });
  };
  return (
    <div class="panel-row">
      <p class="panel-hint panel-grow">Data, clock, faults and autopilot as they were in the beginning.</p>
      {isAsking ? (
        <button type="button" class="button button-small button-danger" onClick={reset}>
          Really start afresh
        </button>
      ) : (
        <button type="button" class="button button-small" onClick={() => setAsking(true)}>
          Start afresh…
        </button>
      )}
    </div>
  );
}

function Snapshots() {
  const [snapshots, setSnapshots] = useState<readonly Snapshot[]>([]);
  const [name, setName] = useState("");
  const load = async () => setSnapshots((await ask("state/getAllSnapshots", {})).Snapshots);
  useEffect(() => {
    void attempt(load);
  }, []);
  const take = () =>
    attempt(async () => {
      await ask("state/snapshot", { Name: name });
      tell(`Took the snapshot ${name}.`);
      setName("");
      await load();
    });
  return (
    <section class="panel-part">
      <Form class="panel-row" onSubmit={take}>
        <Field label="Snapshot">
          <input
            placeholder="before-checkout"
            value={name}
            onInput={({ currentTarget: { value } }) => setName(value)}
          />
        </Field>
        <button type="submit" class="button button-small" disabled={name === ""}>
          Take
        </button>
      </Form>
      {snapshots.length > 0 && (
        <ul class="rows" aria-label="Snapshots">
          {snapshots.map(({ Name, TakenUtc }) => (
            <li key={Name}>
              <span>{Name}</span>
              <span class="rows-aside">{TakenUtc.slice(0, 16).replace("T", " ")}</span>
              <button
                type="button"
                class="text-button"
                aria-label={`Restore ${Name}`}
                onClick={() =>
                  void attempt(async () => {
                    await ask("state/restore", { Name });
                    tell(`The world is as it was in ${Name}.`);
                  })
                }
              >
                Restore
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Fork() {
  const [name, setName] = useState("");
  const [at, setAt] = useState("");
  const [forked, setForked] = useState<string>();
  const fork = () =>
    attempt(async () => {
      await ask("state/fork", { Name: name, ...(at && { AtUtc: `${at.length === 16 ? `${at}:00` : at}Z` }) });
      setForked(name);
      setName("");
    });
  return (
    <section class="panel-part">
      <Form class="panel-row" onSubmit={fork}>
        <Field label="Fork into the world">
          <input placeholder="what-if" value={name} onInput={({ currentTarget: { value } }) => setName(value)} />
        </Field>
        <Field label="as of, in UTC">
          <input type="datetime-local" step={1} value={at} onInput={({ currentTarget: { value } }) => setAt(value)} />
        </Field>
        <button type="submit" class="button button-small" disabled={name === ""}>
          Fork
        </button>
      </Form>
      {forked && (
        <p class="panel-hint">
          It is at{" "}
          <a href={worldAddress(forked)} target="_blank" rel="noreferrer">
            {worldAddress(forked)}
          </a>
        </p>
      )}
    </section>
  );
}

function Files() {
  const take = async (file: File | undefined) => {
    if (!file) return;
    await attempt(async () => {
      const lines = (await file.text()).split("\n").filter((line) => line !== "");
      await ask("state/import", { Lines: lines });
      tell(`The world is as it is in ${file.name}.`);
    });
  };
  return (
    <div class="panel-row">
      <a class="button button-small" href="/sandbox/v1/export" download={`${worldName}.jsonl`}>
        Export
      </a>
      <label class="button button-small file-button">
        Import…
        <input
          type="file"
          accept=".jsonl"
          class="visually-hidden"
          onChange={({ currentTarget }) => {
            void take(currentTarget.files?.[0]);
            currentTarget.value = "";
          }}
        />
      </label>
      <p class="panel-hint panel-grow">JSON lines</p>
    </div>
  );
}
