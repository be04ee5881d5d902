import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { folded } from "../../shared/plain-text.ts";
import { Dialog } from "./dialog.tsx";
import "./chooser.css";

export interface Choice {
  readonly key: string;
  readonly name: string;
  /** A key or another short text at the end of the line. */
  readonly hint?: string | undefined;
  readonly mark?: ComponentChildren;
  readonly isCurrent?: boolean;
  readonly run: () => void;
}

interface ChooserProps {
  readonly title: string;
  readonly placeholder: string;
  readonly nothing: string;
  readonly choices: readonly Choice[];
  /** Makes one more choice out of what was typed. */
  readonly also?: (typed: string) => Choice | undefined;
  readonly onClose: () => void;
}

/** A list that is filtered by what is typed. Enter takes the marked choice. */
export function Chooser({ title, placeholder, nothing, choices, also, onClose }: ChooserProps) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const wanted = folded(typed.trim()).split(/\s+/);
  const fitting = choices.filter(({ name }) => wanted.every((word) => folded(name).includes(word)));
  const extra = typed.trim() ? also?.(typed.trim()) : undefined;
  const shown = extra ? [...fitting, extra] : fitting;
  const at = Math.min(active, shown.length - 1);

  useEffect(() => {
    document.getElementById(`choice-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    choice.run();
  };
  const keyPressed = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") setActive((at + 1) % shown.length);
    else if (event.key === "ArrowUp") setActive((at - 1 + shown.length) % shown.length);
    else if (event.key === "Enter") choose(shown[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={title} onClose={onClose} class="chooser" isBare>
      <input
        class="chooser-field"
        type="text"
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={shown.length > 0 ? "choices" : undefined}
        aria-activedescendant={shown.length > 0 ? `choice-${at}` : undefined}
        aria-autocomplete="list"
        aria-label={title}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        autofocus
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={keyPressed}
      />
      {shown.length === 0 ? (
        <p class="chooser-nothing" role="status">
          {nothing}
        </p>
      ) : (
        <div id="choices" class="choices" role="listbox" aria-label={title} tabIndex={-1}>
          {shown.map((choice, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys.
            <div
              key={choice.key}
              id={`choice-${index}`}
              class="choice"
              role="option"
              aria-selected={index === at}
              tabIndex={-1}
              onMouseMove={() => index !== at && setActive(index)}
              onClick={() => choose(choice)}
            >
              <span class="choice-mark">{choice.mark}</span>
              <span class="choice-name">{choice.name}</span>
              {choice.isCurrent && <span class="choice-current">✓</span>}
              {choice.hint && <kbd>{choice.hint}</kbd>}
            </div>
          ))}
        </div>
      )}
    </Dialog>
  );
}
