import type { ComponentChildren } from "preact";
import "./panel.css";

interface FieldProps {
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A field with its name above it. */
export function Field({ label, children }: FieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the field is among the children.
    <label class="panel-field">
      <span>{label}</span>
      {children}
    </label>
  );
}

interface ChoicesProps<Value extends string> {
  readonly legend: string;
  readonly name: string;
  readonly value: Value;
  readonly choices: readonly (readonly [value: Value, label: string])[];
  readonly onChange: (value: Value) => void;
}

/** A few values side by side, of which one is chosen. */
export function Choices<Value extends string>({ legend, name, value, choices, onChange }: ChoicesProps<Value>) {
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      <div class="choices-row">
        {choices.map(([choice, label]) => (
          <label key={choice}>
            <input type="radio" name={name} checked={choice === value} onChange={() => onChange(choice)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
