import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { currentWords } from "../words/words.ts";
import { loadSavedReplies, matching, savedReplies } from "./saved-replies.ts";
import "./saved-reply-list.css";

/** Takes a key that was pressed in the composer. @returns whether the key was for the list */
export type SavedReplyKeys = (event: KeyboardEvent) => boolean;

interface SavedReplyListProps {
  readonly enterpriseId: string;
  readonly typed: string;
  readonly keys: { current: SavedReplyKeys | undefined };
  readonly onChoose: (text: string) => void;
  readonly onClose: () => void;
  /** Called with the id of the element of the reply that Enter would take. */
  readonly onActive: (id: string | undefined) => void;
}

/** The saved replies that match what was typed behind the slash. */
export function SavedReplyList({ enterpriseId, typed, keys, onChoose, onClose, onActive }: SavedReplyListProps) {
  const words = currentWords();
  const all = savedReplies.value;
  const fitting = useMemo(() => matching(all ?? [], enterpriseId, typed), [all, enterpriseId, typed]);
  const [active, setActive] = useState(0);
  const chosen = fitting[Math.min(active, fitting.length - 1)];

  useEffect(() => {
    if (all === undefined) void loadSavedReplies().catch(onClose);
  }, []);
  useEffect(() => setActive(0), [typed]);
  useEffect(() => {
    onActive(chosen && `saved-${chosen.Id}`);
    if (chosen) document.getElementById(`saved-${chosen.Id}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen?.Id]);
  // In the same frame as the list is drawn, so that Enter never sends a text when it was meant for the list.
  useLayoutEffect(() => {
    keys.current = (event) => {
      if (event.key === "Escape") onClose();
      else if (all === undefined) return event.key === "Enter";
      else if (fitting.length === 0) return false;
      else if (event.key === "ArrowDown") setActive((active + 1) % fitting.length);
      else if (event.key === "ArrowUp") setActive((active - 1 + fitting.length) % fitting.length);
      else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") {
        if (chosen) onChoose(chosen.Text);
      } else return false;
      return true;
    };
    return () => {
      keys.current = undefined;
    };
  });

  if (all === undefined) return null;
  const isNone = !all.some((reply) => reply.EnterpriseId === enterpriseId);
  if (fitting.length === 0) {
    // After more letters than a shortcut's beginning the slash is part of a date or a path.
    if (!isNone && typed.length > 3) return null;
    return (
      <div class="saved-replies" id="saved-reply-list" role="status">
        <p class="saved-none">{isNone ? words.noSavedRepliesYet : words.noSavedReply}</p>
      </div>
    );
  }
  return (
    <div class="saved-replies" id="saved-reply-list" role="listbox" aria-label={words.savedRepliesLabel} tabIndex={-1}>
      {fitting.map((reply) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the composer hears the keys.
        <div
          key={reply.Id}
          id={`saved-${reply.Id}`}
          class="saved-reply"
          role="option"
          aria-selected={reply === chosen}
          tabIndex={-1}
          // Keeps the caret in the composer.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(reply.Text)}
        >
          <span class="saved-shortcut">/{reply.Shortcut}</span>
          <span class="saved-language">{reply.LanguageCode}</span>
          <span class="saved-text" dir="auto">
            {reply.Text}
          </span>
        </div>
      ))}
    </div>
  );
}
