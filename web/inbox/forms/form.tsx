import { currentWords } from "../words/words.ts";
import "./form.css";

/** Says why a form was refused. Draws nothing for an empty text. */
export function Failure({ text }: { readonly text: string }) {
  if (!text) return null;
  return (
    <p class="form-failure" role="alert">
      {text}
    </p>
  );
}

/** The buttons of a form that can be cancelled. */
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
