import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import { Icon } from "../../shared/icons.tsx";
import { stoppedTyping, typing } from "../live/presence.ts";
import { useSavedReplies } from "../saved-replies/use-saved-replies.tsx";
import { me } from "../session/session.ts";
import { currentWords } from "../words/words.ts";
import { ComposerFoot } from "./composer-foot.tsx";
import { composerShown, writeMode } from "./composing.ts";
import { draftOf, noteOf, rereadTexts, setDraft, setNote } from "./drafts.ts";
import { sendOut } from "./outbox.ts";
import { Stopped } from "./stopped.tsx";
import "./composer.css";

/** The longest text that the server takes, in code points. */
const maxLength = 65_536;

/** Where the person writes to the guest, or to colleagues. */
export function Composer({ thread }: { readonly thread: InboxThread }) {
  const words = currentWords();
  const isNote = writeMode.value === "note";
  useState(() => rereadTexts(thread.Id));
  const text = isNote ? noteOf(thread.Id) : draftOf(thread.Id);
  const write = (next: string) => (isNote ? setNote(thread.Id, next) : setDraft(thread.Id, next));
  const excess = text.length > maxLength ? [...text].length - maxLength : 0;
  const canSend = text.trim() !== "" && excess <= 0;
  const field = useRef<HTMLTextAreaElement>(null);
  const replies = useSavedReplies(thread, field, write);
  useComposerFocus(field);
  useHeightOf(field, text);

  const send = (resolve: boolean) => {
    if (!canSend) return;
    sendOut(thread, isNote ? "note" : "reply", text, resolve && !isNote);
    write("");
    replies.close();
    stoppedTyping();
    writeMode.value = "reply";
  };
  const keyPressed = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (replies.takesKey(event)) event.stopPropagation();
    else if (isSendKey(event)) send(event.shiftKey);
    else return;
    event.preventDefault();
  };
  const look = () => (isNote ? replies.close() : replies.look());
  const label = isNote ? words.noteLabel : words.replyLabel;
  return (
    <section class={`composer ${isNote ? "composer-note" : ""}`} aria-label={label}>
      <Stopped threadId={thread.Id} onSend={send} onDiscard={() => write("")} />
      {replies.list}
      <div class="composer-box">
        <Modes />
        <textarea
          ref={field}
          value={text}
          rows={1}
          dir="auto"
          placeholder={isNote ? words.notePlaceholder : words.replyPlaceholder(thread.OriginalSender)}
          aria-label={label}
          aria-controls={replies.isOpen ? "saved-reply-list" : undefined}
          aria-activedescendant={replies.activeOption}
          onInput={(event) => {
            write(event.currentTarget.value);
            look();
            if (!isNote) typing();
          }}
          onKeyDown={keyPressed}
          onKeyUp={({ key }) => key.startsWith("Arrow") && !replies.isOpen && look()}
          onClick={look}
        />
        <ComposerFoot thread={thread} excess={excess} canSend={canSend} onSend={send} />
      </div>
    </section>
  );
}

/**
 * Whether Enter sends: always with Control, and alone if the person prefers that. With Shift alone it breaks the line.
 */
function isSendKey({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  if (key !== "Enter") return false;
  // A phone's keyboard has no Shift+Enter, so Enter must break the line there.
  const hasShiftKey = !matchMedia("(hover: none)").matches;
  return ctrlKey || metaKey || (me().Preferences.SendKey === "Enter" && !shiftKey && hasShiftKey);
}

/** Lets keys of the page move the focus into this field, and lets the next composer begin with a reply. */
function useComposerFocus(field: RefObject<HTMLTextAreaElement | null>): void {
  useLayoutEffect(() => composerShown(() => field.current?.focus()), []);
  useEffect(
    () => () => {
      writeMode.value = "reply";
    },
    [],
  );
}

/** Makes the field as high as its text, in browsers whose style sheets can't. */
function useHeightOf(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element || CSS.supports("field-sizing", "content")) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
}

/** Two buttons that choose between a reply to the guest and a note for colleagues. */
function Modes() {
  const words = currentWords();
  const mode = writeMode.value;
  const choose = (chosen: typeof mode) => () => {
    writeMode.value = chosen;
  };
  return (
    <fieldset class="composer-modes">
      <legend class="visually-hidden">{words.writeModes}</legend>
      <button type="button" aria-pressed={mode === "reply"} onClick={choose("reply")}>
        {words.replyTab}
      </button>
      <button type="button" aria-pressed={mode === "note"} onClick={choose("note")}>
        <Icon name="note" size={14} />
        {words.noteTab}
      </button>
    </fieldset>
  );
}
