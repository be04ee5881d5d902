import type { ComponentChildren, RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import { filledIn } from "./saved-replies.ts";
import { type SavedReplyKeys, SavedReplyList } from "./saved-reply-list.tsx";
import { type Slash, slashBefore } from "./slash.ts";

/** The list of saved replies that opens above a field when a slash is typed in it. */
interface SavedReplyChoice {
  readonly isOpen: boolean;
  readonly list: ComponentChildren;
  /** The element of the reply that Enter would take. */
  readonly activeOption: string | undefined;
  /** Opens or closes the list by what stands before the caret. */
  readonly look: () => void;
  readonly close: () => void;
  /** @returns whether the key was for the list */
  readonly takesKey: (event: KeyboardEvent) => boolean;
}

/** Offers a property's saved replies for what is written to a guest in `field`. */
export function useSavedReplies(
  thread: InboxThread,
  field: RefObject<HTMLTextAreaElement | null>,
  write: (text: string) => void,
): SavedReplyChoice {
  const [slash, setSlash] = useState<Slash>();
  const [activeOption, setActiveOption] = useState<string>();
  const listKeys = useRef<SavedReplyKeys | undefined>(undefined);
  const close = () => setSlash(undefined);
  const insert = (reply: string) => {
    const element = field.current;
    if (!element || !slash) return;
    element.setRangeText(filledIn(reply, thread), slash.start, element.selectionStart, "end");
    write(element.value);
    close();
    element.focus();
  };
  return {
    isOpen: slash !== undefined,
    list: slash && (
      <SavedReplyList
        enterpriseId={thread.EnterpriseId}
        typed={slash.typed}
        keys={listKeys}
        onChoose={insert}
        onClose={close}
        onActive={setActiveOption}
      />
    ),
    activeOption: slash && activeOption,
    look: () => setSlash(field.current ? slashIn(field.current) : undefined),
    close,
    takesKey: (event) => slash !== undefined && listKeys.current?.(event) === true,
  };
}

function slashIn({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Slash | undefined {
  return selectionStart === selectionEnd ? slashBefore(value, selectionStart) : undefined;
}
