import { say } from "../live/toasts.ts";
import { currentWords } from "../words/words.ts";
import "./copy-link.css";

/** A one-time link with a button that copies it. */
export function CopyLink({ link, hint }: { readonly link: string; readonly hint: string }) {
  const words = currentWords();
  const copy = async (field: HTMLInputElement | null) => {
    field?.select();
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      // The clipboard's API is there on secure pages only, and this older way works on all.
      document.execCommand("copy");
    }
    say(words.copied);
  };
  return (
    <div class="copy-link" role="status">
      <p>{hint}</p>
      <div>
        <input type="text" readOnly value={link} aria-label={hint} onFocus={(event) => event.currentTarget.select()} />
        <button
          type="button"
          class="button button-primary"
          onClick={(event) => void copy(event.currentTarget.parentElement?.querySelector("input") ?? null)}
        >
          {words.copy}
        </button>
      </div>
    </div>
  );
}
