import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { wantedItem } from "../actions.ts";
import { type Conversation, loadBackTo, loadOlder } from "./conversations.ts";

/** Nearer than this to the end counts as at the end. Pixels. */
const nearEnd = 80;
/** Nearer than this to the beginning, older items are fetched. Pixels. */
const nearStart = 900;

interface Scrolling {
  /** What scrolls. */
  readonly frame: RefObject<HTMLElement | null>;
  /** What is in it, which grows. */
  readonly content: RefObject<HTMLDivElement | null>;
  readonly scrolled: () => void;
  readonly toEnd: () => void;
  /** Whether items came in below the part that is on the screen. */
  readonly hasNewBelow: boolean;
  /** The item to which a search result led. */
  readonly marked: string | undefined;
}

/**
 * Keeps the reader where they are: at the end while new items come in, unless they scrolled away, and at the same item
 * while older ones come in above it.
 */
export function useScrolling(threadId: string, conversation: Conversation, outgoingCount: number): Scrolling {
  const frame = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [hasNewBelow, setNewBelow] = useState(false);
  const { blocks, isLoadingOlder } = conversation;
  const newest = blocks.at(-1)?.at(-1)?.Id;
  const loadAbove = useLoadAbove(threadId, conversation, frame);

  const toEnd = () => {
    if (frame.current) frame.current.scrollTop = frame.current.scrollHeight;
    isAtEnd.current = true;
    setNewBelow(false);
  };
  const scrolled = () => {
    const element = frame.current;
    if (!element) return;
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
    if (isAtEnd.current) setNewBelow(false);
    if (element.scrollTop < nearStart && !isLoadingOlder) loadAbove();
  };
  useLayoutEffect(() => {
    if (isAtEnd.current) toEnd();
    else setNewBelow(true);
  }, [newest, outgoingCount]);
  useLayoutEffect(() => {
    const inside = content.current;
    const outside = frame.current;
    if (!inside || !outside) return;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) outside.scrollTop = outside.scrollHeight;
    });
    observer.observe(inside);
    observer.observe(outside);
    return () => observer.disconnect();
  }, []);
  const marked = useWantedItem(
    threadId,
    () => {
      isAtEnd.current = false;
    },
    () => setNewBelow(false),
  );
  return { frame, content, scrolled, toEnd, hasNewBelow, marked };
}

/** Fetches older items, and keeps the uppermost one where it stood when they come. @returns what fetches them */
function useLoadAbove(
  threadId: string,
  { blocks, cursor, isLoadingOlder }: Conversation,
  frame: RefObject<HTMLElement | null>,
): () => void {
  /** The uppermost item and where it stood, while older ones come in above it. */
  const anchor = useRef<{ readonly element: Element; readonly top: number } | undefined>(undefined);
  const loadAbove = () => {
    const element = frame.current;
    if (!element || cursor === null) return;
    const first = element.querySelector(".item");
    anchor.current = first ? { element: first, top: first.getBoundingClientRect().top } : undefined;
    void loadOlder(threadId);
  };
  useLayoutEffect(() => {
    const before = anchor.current;
    anchor.current = undefined;
    if (!before?.element.isConnected || !frame.current) return;
    frame.current.scrollTop += before.element.getBoundingClientRect().top - before.top;
  }, [blocks[0]]);
  // A thread whose first page does not fill the pane has no way to scroll up.
  useEffect(() => {
    const element = frame.current;
    if (element && !isLoadingOlder && element.scrollHeight <= element.clientHeight) loadAbove();
  }, [blocks]);
  return loadAbove;
}

/** Goes to the item to which a search result led. @returns the item that was reached last */
function useWantedItem(threadId: string, onLeave: () => void, onReached: () => void): string | undefined {
  const [marked, setMarked] = useState<string>();
  const wanted = wantedItem.value;
  useEffect(() => {
    if (wanted?.threadId !== threadId) return;
    let isOver = false;
    onLeave();
    void loadBackTo(threadId, wanted.itemId).then((isThere) => {
      if (isOver || !isThere) return;
      wantedItem.value = undefined;
      setMarked(wanted.itemId);
      requestAnimationFrame(() => {
        document.getElementById(`item-${wanted.itemId}`)?.scrollIntoView({ block: "center" });
        onReached();
      });
    });
    return () => {
      isOver = true;
    };
  }, [wanted]);
  return marked;
}
