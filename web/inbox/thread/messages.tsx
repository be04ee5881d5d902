import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import { Icon } from "../../shared/icons.tsx";
import { wantedItem } from "../actions.ts";
import { outbox } from "../composer/outbox.ts";
import { OutgoingItem } from "../composer/outgoing-item.tsx";
import { people } from "../live/presence.ts";
import { currentWords } from "../words/words.ts";
import { type Conversation, loadBackTo, loadOlder } from "./conversations.ts";
import { ItemBlock } from "./item-block.tsx";

/** Nearer than this to the end counts as at the end. Pixels. */
const nearEnd = 80;
/** Nearer than this to the beginning, older items are fetched. Pixels. */
const nearStart = 900;

interface MessagesProps {
  readonly thread: InboxThread;
  readonly conversation: Conversation;
}

/** What was said in a thread, newest at the bottom, where one stays unless one scrolled away. */
export function Messages({ thread, conversation }: MessagesProps) {
  const words = currentWords();
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  /** The uppermost item and where it stood, while older ones come in above it. */
  const anchor = useRef<{ readonly element: Element; readonly top: number } | undefined>(undefined);
  const [hasNewBelow, setNewBelow] = useState(false);
  const [marked, setMarked] = useState<string>();
  const wanted = wantedItem.value;
  // The stream may bring what was sent before the server's answer is there.
  const arrived = new Set(conversation.blocks.slice(-2).flatMap((block) => block.map(({ Id }) => Id)));
  const outgoing = outbox.value.filter((one) => one.MessageThreadId === thread.Id && !arrived.has(one.Id));
  const typing = people.value.get(thread.Id)?.filter(({ isTyping }) => isTyping) ?? [];
  const { blocks, cursor, isLoadingOlder } = conversation;
  const newest = blocks.at(-1)?.at(-1)?.Id;

  const toEnd = () => {
    const element = frame.current;
    if (element) element.scrollTop = element.scrollHeight;
    isAtEnd.current = true;
    setNewBelow(false);
  };

  const older = async () => {
    const element = frame.current;
    if (!element || cursor === null) return;
    const first = element.querySelector(".item");
    anchor.current = first ? { element: first, top: first.getBoundingClientRect().top } : undefined;
    await loadOlder(thread.Id);
  };

  const scrolled = () => {
    const element = frame.current;
    if (!element) return;
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
    if (isAtEnd.current) setNewBelow(false);
    if (element.scrollTop < nearStart && !isLoadingOlder) void older();
  };

  useLayoutEffect(() => {
    const before = anchor.current;
    const element = frame.current;
    anchor.current = undefined;
    if (before?.element.isConnected && element) {
      element.scrollTop += before.element.getBoundingClientRect().top - before.top;
    }
  }, [blocks[0]]);
  useLayoutEffect(() => {
    if (isAtEnd.current) toEnd();
    else setNewBelow(true);
  }, [newest, outgoing.length]);
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
  // A thread whose first page does not fill the pane has no way to scroll up.
  useEffect(() => {
    const element = frame.current;
    if (element && !isLoadingOlder && element.scrollHeight <= element.clientHeight) void older();
  }, [blocks]);
  useEffect(() => {
    if (wanted?.threadId !== thread.Id) return;
    let isOver = false;
    isAtEnd.current = false;
    void loadBackTo(thread.Id, wanted.itemId).then((isThere) => {
      if (isOver || !isThere) return;
      wantedItem.value = undefined;
      setMarked(wanted.itemId);
      requestAnimationFrame(() => {
        document.getElementById(`item-${wanted.itemId}`)?.scrollIntoView({ block: "center" });
        setNewBelow(false);
      });
    });
    return () => {
      isOver = true;
    };
  }, [wanted]);

  const isEmpty = blocks.every((block) => block.length === 0) && outgoing.length === 0;
  return (
    <div class="messages-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard. */}
      <section ref={frame} class="messages" tabIndex={0} aria-label={words.messagesLabel} onScroll={scrolled}>
        <div ref={content} class="messages-content">
          {isLoadingOlder && <p class="older">{words.olderLoading}</p>}
          {isEmpty && <p class="older">{words.noMessages}</p>}
          {blocks.map((block, index) => (
            <ItemBlock
              key={block[0] ? `${block[0].Kind}${block[0].Id}` : "empty"}
              items={block}
              before={blocks[index - 1]?.at(-1)}
              enterpriseId={thread.EnterpriseId}
              guest={thread.OriginalSender}
              marked={marked}
            />
          ))}
          {outgoing.map((one) => (
            <OutgoingItem key={one.Id} one={one} />
          ))}
          {typing.length > 0 && (
            <p class="typing">
              <span class="typing-dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              {words.typing(typing.map(({ name }) => name).join(", "))}
            </p>
          )}
        </div>
      </section>
      {hasNewBelow && (
        <button type="button" class="new-below" onClick={toEnd}>
          <Icon name="down" size={16} />
          {words.newBelow}
        </button>
      )}
    </div>
  );
}
