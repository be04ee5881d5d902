import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import { Icon } from "../../shared/icons.tsx";
import { outbox } from "../composer/outbox.ts";
import { OutgoingItem } from "../composer/outgoing-item.tsx";
import { people } from "../live/presence.ts";
import { currentWords } from "../words/words.ts";
import type { Conversation } from "./conversations.ts";
import { ItemBlock } from "./item-block.tsx";
import { useScrolling } from "./use-scrolling.ts";
import "./messages.css";

interface MessagesProps {
  readonly thread: InboxThread;
  readonly conversation: Conversation;
}

/** What was said in a thread, the newest at the bottom. */
export function Messages({ thread, conversation }: MessagesProps) {
  const words = currentWords();
  const { blocks, isLoadingOlder } = conversation;
  // The stream may bring what was sent before the server's answer is there.
  const arrived = new Set(blocks.slice(-2).flatMap((block) => block.map(({ Id }) => Id)));
  const outgoing = outbox.value.filter((one) => one.MessageThreadId === thread.Id && !arrived.has(one.Id));
  const { frame, content, scrolled, toEnd, hasNewBelow, marked } = useScrolling(
    thread.Id,
    conversation,
    outgoing.length,
  );
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
          <Typing threadId={thread.Id} />
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

/** Which colleagues are writing in the thread. */
function Typing({ threadId }: { readonly threadId: string }) {
  const typing = people.value.get(threadId)?.filter(({ isTyping }) => isTyping) ?? [];
  if (typing.length === 0) return null;
  return (
    <p class="typing">
      <span class="typing-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {currentWords().typing(typing.map(({ name }) => name).join(", "))}
    </p>
  );
}
