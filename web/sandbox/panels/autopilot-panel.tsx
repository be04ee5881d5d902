import { useEffect, useState } from "preact/hooks";
import type { Autopilot } from "../../../src/protocol/sandbox/autopilot.ts";
import { attempt } from "../notices.ts";
import { ask } from "../server/ask.ts";
import type { OutputOf } from "../server/wire.ts";
import { autopilot, setAutopilot } from "../world.ts";
import { Choices, Field } from "./panel.tsx";

type Persona = OutputOf<"personas/getAll">["Personas"][number];

const modes = [
  ["Off", "Off"],
  ["Echo", "Echo"],
  ["Script", "Script"],
  ["Persona", "Persona"],
] as const;

const paces = [
  ["Slow", "Slow"],
  ["Normal", "Normal"],
  ["Impatient", "Impatient"],
] as const;

const meanings: Readonly<Record<Autopilot["Mode"], string>> = {
  Off: "You are the staff: answer in the inbox.",
  Echo: "The staff repeat what the guest wrote.",
  Script: "The staff say these lines, one after the other in each thread.",
  Persona: "The staff answer as a person of that character would.",
};

const firstScript = ["Good evening! We have read this.", "Somebody is on the way.", "Is there anything else?"];

/** What the staff do by themselves. Each change is sent at once. */
export function AutopilotPanel() {
  const set = autopilot.value;
  const change = (changes: Partial<Autopilot>) => void attempt(() => setAutopilot(fitting({ ...set, ...changes })));
  return (
    <>
      <Choices
        legend="The staff, by themselves"
        name="mode"
        value={set.Mode}
        choices={modes}
        onChange={(Mode) => change({ Mode })}
      />
      <p class="panel-hint">{meanings[set.Mode]}</p>
      {set.Mode === "Script" && <ScriptField replies={set.Replies ?? []} onChange={(Replies) => change({ Replies })} />}
      {set.Mode === "Persona" && <PersonaFields set={set} change={change} />}
      {set.Mode !== "Off" && (
        <>
          <Choices
            legend="Pace"
            name="pace"
            value={set.Pace ?? "Normal"}
            choices={paces}
            // An exact delay would override the pace.
            onChange={(Pace) => change({ Pace, Delay: null })}
          />
          <div class="panel-row">
            <Duration
              label="Or after exactly"
              value={set.Delay ?? ""}
              onChange={(Delay) => change({ Delay: Delay || null })}
            />
            <Duration
              label="Resolve after"
              value={set.ResolveAfter ?? ""}
              onChange={(ResolveAfter) => change({ ResolveAfter: ResolveAfter || null })}
            />
          </div>
          {set.MessageThreadIds && (
            <p class="panel-hint">
              Only in {set.MessageThreadIds.length} of the threads.{" "}
              <button type="button" class="text-button" onClick={() => change({ MessageThreadIds: null })}>
                In all of them
              </button>
            </p>
          )}
        </>
      )}
    </>
  );
}

/** Without the fields that belong to another mode, which the server would refuse. */
function fitting(wanted: Autopilot): Autopilot {
  const { Persona, LanguageCode, Replies, ...set } = wanted;
  if (set.Mode === "Off") return { Mode: "Off" };
  if (set.Mode === "Script") return { ...set, Replies: Replies?.length ? Replies : firstScript };
  if (set.Mode === "Persona") return { ...set, Persona: Persona ?? null, LanguageCode: LanguageCode ?? null };
  return set;
}

interface ScriptFieldProps {
  readonly replies: readonly string[];
  readonly onChange: (replies: string[]) => void;
}

function ScriptField({ replies, onChange }: ScriptFieldProps) {
  return (
    <Field label="Replies, one a line">
      <textarea
        rows={4}
        value={replies.join("\n")}
        onChange={({ currentTarget: { value } }) => onChange(value.split("\n").filter((line) => line.trim() !== ""))}
      />
    </Field>
  );
}

interface PersonaFieldsProps {
  readonly set: Autopilot;
  readonly change: (changes: Partial<Autopilot>) => void;
}

function PersonaFields({ set, change }: PersonaFieldsProps) {
  const [personas, setPersonas] = useState<readonly Persona[]>([]);
  useEffect(() => {
    void attempt(async () => setPersonas((await ask("personas/getAll", {})).Personas));
  }, []);
  const codes = [...new Set(personas.flatMap(({ LanguageCodes }) => LanguageCodes))].sort();
  const persona = personas.find(({ Name }) => Name === set.Persona);
  return (
    <>
      <div class="panel-row">
        <Field label="Who">
          <select
            value={set.Persona ?? ""}
            onChange={({ currentTarget: { value } }) => change({ Persona: value || null })}
          >
            <option value="">All in turn</option>
            {personas.map(({ Name }) => (
              <option key={Name} value={Name}>
                {Name}
              </option>
            ))}
          </select>
        </Field>
        <Field label="In which language">
          <select
            value={set.LanguageCode ?? ""}
            onChange={({ currentTarget: { value } }) => change({ LanguageCode: value || null })}
          >
            <option value="">The guest’s</option>
            {codes.map((code) => (
              <option key={code} value={code}>
                {code}
              </option>
            ))}
          </select>
        </Field>
      </div>
      {persona && <p class="panel-hint">{persona.Description}</p>}
    </>
  );
}

interface DurationProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field for a duration such as 500ms, 30s or 5m. */
function Duration({ label, value, onChange }: DurationProps) {
  return (
    <Field label={label}>
      <input
        placeholder="as in 5s"
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value.trim())}
      />
    </Field>
  );
}
