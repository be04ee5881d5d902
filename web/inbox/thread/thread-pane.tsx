import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { isolated } from "../../shared/plain-text.ts";
import { openThread, prepareNext, readOpenThread } from "../actions.ts";
import { Composer } from "../composer/composer.tsx";
import { Empty } from "../list/empty.tsx";
import { threadOf } from "../list/threads.ts";
import { openThreadId } from "../place.ts";
import { currentWords } from "../words/words.ts";
import { type Conversation, conversationOf, openConversation } from "./conversations.ts";
import { Messages } from "./messages.tsx";
import { ThreadHeader } from "./thread-header.tsx";
import "./thread-pane.css";

/** The open thread, or a hint how to open one. */
export function ThreadPane() {
  const words = currentWords();
  const threadId = openThreadId.value;
  const known = useComputed(() => conversationOf(openThreadId.value ?? "")).value;
  const thread = threadId ? threadOf(threadId) : undefined;

  useEffect(() => {
    if (threadId) void openConversation(threadId).then(() => setTimeout(prepareNext, 250));
  }, [threadId]);
  useEffect(() => {
    readOpenThread();
    document.addEventListener("visibilitychange", readOpenThread);
    return () => document.removeEventListener("visibilitychange", readOpenThread);
  }, [threadId, known?.position, known?.state, thread?.IsUnread]);

  if (!threadId) {
    return (
      <div class="thread-pane thread-pane-empty">
        <Empty icon="bell" title={words.noThread} hint={words.noThreadHint} />
      </div>
    );
  }
  if (known?.state === "missing" || known?.state === "failed") {
    const isMissing = known.state === "missing";
    return (
      <div class="thread-pane thread-pane-empty">
        <Empty
          icon="warning"
          title={isMissing ? words.threadGone : words.threadFailed}
          {...(!isMissing && { action: { label: words.retry, run: () => openThread(threadId) } })}
        />
      </div>
    );
  }
  return (
    <section class="thread-pane" aria-label={thread ? isolated(thread.Subject || words.noSubject) : words.loading}>
      {thread && <ThreadHeader thread={thread} />}
      {thread && isReady(known) ? (
        <Messages key={threadId} thread={thread} conversation={known} />
      ) : (
        <div class="messages messages-loading" aria-busy="true">
          <span class="visually-hidden">{words.loading}</span>
          <span class="skeleton bubble-skeleton" />
          <span class="skeleton bubble-skeleton bubble-skeleton-own" />
          <span class="skeleton bubble-skeleton" />
        </div>
      )}
      {thread && <Composer key={threadId} thread={thread} />}
    </section>
  );
}

function isReady(known: Conversation | undefined): known is Conversation {
  return known?.state === "ready";
}
