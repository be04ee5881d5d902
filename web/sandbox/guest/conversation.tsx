import { useLayoutEffect, useRef } from "preact/hooks";
import { type Bubble, chat } from "./guest.ts";
import { writeAgain } from "./guest-talk.ts";
import { timeAt } from "./property-time.ts";
import "./conversation.css";

/** A text that consists of a few emoji only. */
const pictures = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\s){1,24}$/u;

export function Conversation() {
  const { bubbles, trouble, propertyId } = chat.value;
  const list = useRef<HTMLDivElement>(null);
  const last = bubbles.at(-1);
  useLayoutEffect(() => {
    const element = list.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, [last?.key, last?.state, trouble]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached without a mouse.
    <div class="chat" ref={list} role="log" aria-label="The guest’s chat" tabIndex={0}>
      {bubbles.map((bubble) => (
        <ChatBubble key={bubble.key} bubble={bubble} propertyId={propertyId} />
      ))}
      {trouble && <p class="chat-trouble">Could not hear the answer: {trouble} Trying again…</p>}
    </div>
  );
}

interface ChatBubbleProps {
  readonly bubble: Bubble;
  readonly propertyId: string;
}

function ChatBubble({ bubble, propertyId }: ChatBubbleProps) {
  const { text, isGuest, state, failure, createdUtc } = bubble;
  return (
    <div class={`said ${isGuest ? "said-guest" : "said-property"}`}>
      <p
        class={`bubble bubble-${isGuest ? "guest" : "property"} bubble-${state} ${pictures.test(text) ? "bubble-pictures" : ""}`}
        dir="auto"
      >
        {text}
      </p>
      {state === "failed" ? (
        <p class="said-failed">
          {failure}{" "}
          <button type="button" class="text-button" onClick={() => writeAgain(bubble)}>
            Send again
          </button>
        </p>
      ) : (
        <p class="said-time">{createdUtc ? timeAt(Date.parse(createdUtc), propertyId) : "…"}</p>
      )}
    </div>
  );
}
