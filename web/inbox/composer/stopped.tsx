import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../shared/icons.tsx";
import { colleague, me } from "../session/session.ts";
import { acknowledge, type Conversation, conversationOf } from "../thread/conversations.ts";
import { currentWords } from "../words/words.ts";
import { focusComposer, writeMode } from "./composing.ts";
import { draftOf } from "./drafts.ts";
import "./stopped.css";

interface StoppedProps {
  readonly threadId: string;
  readonly onSend: (resolve: boolean) => void;
  readonly onDiscard: () => void;
}

/**
 * Asks what to do with a reply that the server stopped, and warns while the person writes one that would be stopped.
 */
export function Stopped({ threadId, onSend, onDiscard }: StoppedProps) {
  const words = currentWords();
  const known = useComputed(() => conversationOf(threadId)).value;
  const first = useRef<HTMLButtonElement>(null);
  const stopped = known?.stopped;

  useEffect(() => {
    if (stopped) first.current?.focus();
  }, [stopped]);

  const isWriting = writeMode.value === "reply" && draftOf(threadId).trim() !== "";
  if (known?.heldPosition === undefined || !isWriting) return null;
  const name = answererOf(known);
  const decide = (action?: () => void) => {
    acknowledge(threadId);
    action?.();
    requestAnimationFrame(focusComposer);
  };
  if (!stopped) {
    return (
      <div class="stopped stopped-early" role="status">
        <p class="stopped-title">
          <Icon name="warning" />
          {words.answeredNow(name ?? words.someone)}
        </p>
        <div class="stopped-actions">
          <button type="button" class="button button-quiet" onClick={() => decide()}>
            {words.keepWriting}
          </button>
          <button type="button" class="button button-quiet" onClick={() => decide(onDiscard)}>
            {words.discard}
          </button>
        </div>
      </div>
    );
  }
  return (
    <div class="stopped" role="alertdialog" aria-labelledby="stopped-title" aria-describedby="stopped-hint">
      <p id="stopped-title" class="stopped-title">
        <Icon name="warning" />
        {name ? words.stoppedTitle(name) : words.stoppedByGuestTitle}
      </p>
      <p id="stopped-hint" class="stopped-hint">
        {words.stoppedHint}
      </p>
      <div class="stopped-actions">
        <button ref={first} type="button" class="button button-primary" onClick={() => decide()}>
          {words.edit}
        </button>
        <button type="button" class="button button-quiet" onClick={() => decide(() => onSend(stopped.resolve))}>
          {words.sendAnyway}
        </button>
        <button type="button" class="button button-quiet" onClick={() => decide(onDiscard)}>
          {words.discard}
        </button>
      </div>
    </div>
  );
}

/** The name of the colleague who wrote last; undefined if the guest did. */
function answererOf({ blocks }: Conversation): string | undefined {
  const last = blocks.flat().findLast(({ Kind, UserId }) => Kind === "MessageAdded" && UserId !== me().User.Id);
  if (last?.Sender !== "Enterprise") return undefined;
  return colleague(last.UserId)?.Name;
}
