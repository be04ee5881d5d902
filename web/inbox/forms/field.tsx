import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { currentWords } from "../words/words.ts";
import "./field.css";

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** Called with the id that the control must have, and the id of the hint that describes it. */
  readonly children: (id: string, describedBy: string | undefined) => ComponentChildren;
}

/** A control with its name above it. */
export function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id, hintId)}
      {hint && (
        <p class="field-hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "email";
  readonly autocomplete?: string;
  readonly maxLength: number;
  readonly hint?: string;
}

export function TextField({
  label,
  value,
  onInput,
  type = "text",
  autocomplete = "off",
  maxLength,
  hint,
}: TextFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {(id, describedBy) => (
        <input
          id={id}
          // Preact's types have one shape for each type of input, and none for a type that varies.
          type={type as "text"}
          required
          maxLength={maxLength}
          autocomplete={autocomplete}
          aria-describedby={describedBy}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly isNew?: boolean;
}

/** The shortest new password that the server takes. */
export const minPasswordLength = 10;

export function PasswordField({ label, value, onInput, isNew = false }: PasswordFieldProps) {
  const words = currentWords();
  const [isShown, setShown] = useState(false);
  return (
    <Field label={label} {...(isNew && { hint: words.passwordHint(minPasswordLength) })}>
      {(id, describedBy) => (
        <div class="password-field">
          <input
            id={id}
            type={(isShown ? "text" : "password") as "password"}
            required
            minLength={isNew ? minPasswordLength : 1}
            maxLength={256}
            autocomplete={isNew ? "new-password" : "current-password"}
            autocapitalize="none"
            spellcheck={false}
            aria-describedby={describedBy}
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
          <button
            type="button"
            class="text-button"
            aria-pressed={isShown}
            aria-label={isShown ? words.hidePassword : words.showPassword}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? "●●" : "abc"}
          </button>
        </div>
      )}
    </Field>
  );
}

interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value) => void;
  /** Whether the name is for screen readers only. */
  readonly isBare?: boolean;
}

export function Select<Value extends string>({ label, value, options, onChange, isBare = false }: SelectProps<Value>) {
  const list = (id?: string) => (
    <select
      id={id}
      aria-label={isBare ? label : undefined}
      value={value}
      onChange={(event) => {
        const chosen = options[event.currentTarget.selectedIndex];
        if (chosen) onChange(chosen[0]);
      }}
    >
      {options.map(([option, name]) => (
        <option key={option} value={option} selected={option === value}>
          {name}
        </option>
      ))}
    </select>
  );
  return isBare ? list() : <Field label={label}>{(id) => list(id)}</Field>;
}
