import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import { Icon } from "../../shared/icons.tsx";
import { number } from "../format.ts";
import { me } from "../session/session.ts";
import { currentWords } from "../words/words.ts";
import { writeMode } from "./composing.ts";

interface ComposerFootProps {
  readonly thread: InboxThread;
  /** By how many characters the text is too long. */
  readonly excess: number;
  readonly canSend: boolean;
  readonly onSend: (resolve: boolean) => void;
}

/** What stands below the text: how to go on, and the buttons that send it. */
export function ComposerFoot({ thread, excess, canSend, onSend }: ComposerFootProps) {
  const words = currentWords();
  const isNote = writeMode.value === "note";
  const key = me().Preferences.SendKey === "Enter" ? "Enter" : "Ctrl+Enter";
  const name = isNote ? words.addNote : words.send;
  return (
    <div class="composer-foot">
      <span class="composer-hint">
        {excess > 0 ? (
          <span class="composer-excess" role="alert">
            {words.tooLong(number(excess))}
          </span>
        ) : (
          !isNote && words.slashHint
        )}
      </span>
      {!isNote && !thread.IsResolved && (
        <button
          type="button"
          class="button button-quiet"
          disabled={!canSend}
          title={`${words.sendAndResolve} (Ctrl+Shift+Enter)`}
          onClick={() => onSend(true)}
        >
          <Icon name="check" />
          <span class="narrow-hidden">{words.sendAndResolve}</span>
          <span class="narrow-only visually-hidden">{words.sendAndResolve}</span>
        </button>
      )}
      <button
        type="button"
        class={`button ${isNote ? "button-note" : "button-primary"}`}
        disabled={!canSend}
        title={`${name} (${key})`}
        onClick={() => onSend(false)}
      >
        {name}
        <Icon name={isNote ? "note" : "send"} size={16} />
      </button>
    </div>
  );
}
