import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import { useCell } from "../../shared/cell.ts";
import { Icon } from "../../shared/icons.tsx";
import { number } from "../format.ts";
import { stoppedTyping, typing } from "../live/presence.ts";
import { useMe } from "../session/session.ts";
import { useWords } from "../words/words.ts";
import { setComposing, writeMode } from "./composing.ts";
import { draftOf, noteOf, onDraft, setDraft, setNote } from "./drafts.ts";
import { sendOut } from "./outbox.ts";
import { filledIn } from "./saved-replies.ts";
import { type SavedReplyKeys, SavedReplyList } from "./saved-reply-list.tsx";
import { slashBefore } from "./slash.ts";
import { Stopped } from "./stopped.tsx";

/** As the server counts them: in code points. */
const maxLength = 65_536;

/** Where one writes to the guest, or to colleagues. */
export function Composer({ thread }: { readonly thread: InboxThread }) {
  const words = useWords();
  const { Preferences } = useMe();
  const mode = useCell(writeMode);
  const [reply, setReply] = useState(() => draftOf(thread.Id));
  const [note, setNoteText] = useState(() => noteOf(thread.Id));
  const [slash, setSlash] = useState<{ readonly typed: string; readonly start: number }>();
  const [activeOption, setActiveOption] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  const listKeys = useRef<SavedReplyKeys | undefined>(undefined);
  const isNote = mode === "note";
  const text = isNote ? note : reply;
  const excess = text.length > maxLength ? [...text].length - maxLength : 0;
  const canSend = text.trim() !== "" && excess <= 0;

  useEffect(
    () =>
      onDraft((id) => {
        if (id !== thread.Id) return;
        setReply(draftOf(id));
        setNoteText(noteOf(id));
      }),
    [thread.Id],
  );
  useLayoutEffect(() => {
    setComposing({ focus: () => field.current?.focus() });
    return () => setComposing(undefined);
  }, []);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element || CSS.supports("field-sizing", "content")) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
  useEffect(() => () => writeMode.set("reply"), []);

  const write = (next: string) => {
    if (isNote) {
      setNoteText(next);
      setNote(thread.Id, next);
    } else {
      setReply(next);
      setDraft(thread.Id, next);
    }
  };

  function send(resolve = false): void {
    if (!canSend) return;
    sendOut(thread, mode, text, resolve && !isNote);
    write("");
    setSlash(undefined);
    stoppedTyping();
    if (isNote) writeMode.set("reply");
  }

  const lookForSlash = () => {
    const element = field.current;
    if (!element || isNote) return setSlash(undefined);
    const found = element.selectionStart === element.selectionEnd && slashBefore(element.value, element.selectionStart);
    setSlash(found || undefined);
  };

  const insert = (replyText: string) => {
    const element = field.current;
    if (!element || !slash) return;
    element.setRangeText(filledIn(replyText, thread), slash.start, element.selectionStart, "end");
    write(element.value);
    setSlash(undefined);
    element.focus();
  };

  const keyPressed = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (slash && listKeys.current?.(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key !== "Enter") return;
    const isWithControl = event.ctrlKey || event.metaKey;
    // The keyboard of a phone has nothing else for a new line.
    const isEnterAlone = Preferences.SendKey === "Enter" && !event.shiftKey && !matchMedia("(hover: none)").matches;
    if (isWithControl && event.shiftKey) send(true);
    else if (isWithControl || isEnterAlone) send();
    else return;
    event.preventDefault();
  };

  return (
    <section
      class={`composer ${isNote ? "composer-note" : ""}`}
      aria-label={isNote ? words.noteLabel : words.replyLabel}
    >
      <Stopped
        threadId={thread.Id}
        isWriting={!isNote && reply.trim() !== ""}
        onSend={send}
        onDiscard={() => write("")}
      />
      {slash && (
        <SavedReplyList
          enterpriseId={thread.EnterpriseId}
          typed={slash.typed}
          keys={listKeys}
          onChoose={insert}
          onClose={() => setSlash(undefined)}
          onActive={setActiveOption}
        />
      )}
      <div class="composer-box">
        <fieldset class="composer-modes">
          <legend class="visually-hidden">{words.writeModes}</legend>
          <button type="button" aria-pressed={!isNote} onClick={() => writeMode.set("reply")}>
            {words.replyTab}
          </button>
          <button type="button" aria-pressed={isNote} onClick={() => writeMode.set("note")}>
            <Icon name="note" size={14} />
            {words.noteTab}
          </button>
        </fieldset>
        <textarea
          ref={field}
          value={text}
          rows={1}
          dir="auto"
          placeholder={isNote ? words.notePlaceholder : words.replyPlaceholder(thread.OriginalSender)}
          aria-label={isNote ? words.noteLabel : words.replyLabel}
          aria-controls={slash ? "saved-reply-list" : undefined}
          aria-activedescendant={slash ? activeOption : undefined}
          onInput={(event) => {
            write(event.currentTarget.value);
            lookForSlash();
            if (!isNote) typing();
          }}
          onKeyDown={keyPressed}
          onKeyUp={(event) => event.key.startsWith("Arrow") && !slash && lookForSlash()}
          onClick={lookForSlash}
        />
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
              onClick={() => send(true)}
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
            title={`${isNote ? words.addNote : words.send} (${Preferences.SendKey === "Enter" ? "Enter" : "Ctrl+Enter"})`}
            onClick={() => send()}
          >
            {isNote ? words.addNote : words.send}
            <Icon name={isNote ? "note" : "send"} size={16} />
          </button>
        </div>
      </div>
    </section>
  );
}
