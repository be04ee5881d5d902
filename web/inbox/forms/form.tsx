import type { ComponentChildren } from "preact";
import { currentWords } from "../words/words.ts";

interface FormProps {
  readonly class?: string;
  readonly onSubmit: () => Promise<unknown>;
  readonly children: ComponentChildren;
}

/** A form that the page sends itself. */
export function Form({ class: className, onSubmit, children }: FormProps) {
  return (
    <form
      class={className}
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
    </form>
  );
}

/** Why what was sent was refused; nothing while it was not. */
export function Failure({ text }: { readonly text: string }) {
  if (!text) return null;
  return (
    <p class="form-failure" role="alert">
      {text}
    </p>
  );
}

/** The buttons at the end of a form that can be left. */
export function FormActions({ name, onCancel }: { readonly name: string; readonly onCancel: () => void }) {
  return (
    <div class="form-actions">
      <button type="submit" class="button button-primary">
        {name}
      </button>
      <button type="button" class="button" onClick={onCancel}>
        {currentWords().cancel}
      </button>
    </div>
  );
}
