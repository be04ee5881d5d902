import type { ComponentChildren } from "preact";
import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import { Icon } from "../../shared/icons.tsx";
import { me, propertyOf } from "../session/session.ts";
import { GuestText } from "../thread/text.tsx";
import { currentWords } from "../words/words.ts";
import { Dot } from "./avatar.tsx";
import "./row.css";

interface RowProps {
  readonly id: string;
  readonly thread: InboxThread;
  readonly class?: string;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
  /** For screen readers, in a list of which not all rows exist. */
  readonly place?: { readonly index: number; readonly count: number };
  readonly mark?: ComponentChildren;
  readonly when: ComponentChildren;
  /** The last words of the conversation, or those that a search found. */
  readonly words: ComponentChildren;
  readonly end: ComponentChildren;
  readonly onClick: () => void;
}

/** A thread in a list of threads or of search results, which is a listbox. */
export function Row({ thread, isSelected, isOpen, place, mark, when, words, end, ...rest }: RowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page and the search field hear the keys of a listbox.
    <div
      id={rest.id}
      class={`row ${rest.class ?? ""} ${isSelected ? "row-selected" : ""} ${isOpen ? "row-open" : ""}`}
      role="option"
      aria-selected={isSelected}
      aria-setsize={place?.count}
      aria-posinset={place && place.index + 1}
      tabIndex={-1}
      onClick={rest.onClick}
    >
      <span class="row-mark">{mark}</span>
      <span class="row-sender">
        <GuestText text={thread.OriginalSender} />
      </span>
      <span class="row-when">{when}</span>
      <span class="row-subject">
        <GuestText text={thread.Subject || currentWords().noSubject} />
      </span>
      {words}
      <span class="row-end">{end}</span>
    </div>
  );
}

/** Whether rows of all properties stand side by side, so that each must say its own. */
export function showsProperty(): boolean {
  return me().Properties.length > 1;
}

export function RowProperty({ id }: { readonly id: string }) {
  return (
    <span class="row-property">
      <Dot id={id} />
      {propertyOf(id)?.Name}
    </span>
  );
}

export function RowResolved() {
  return (
    <span class="row-resolved">
      <Icon name="check" size={15} />
      <span class="visually-hidden">{currentWords().resolved}</span>
    </span>
  );
}
