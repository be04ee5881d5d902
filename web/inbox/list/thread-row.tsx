import { useComputed } from "@preact/signals";
import { memo } from "preact/compat";
import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import { Icon } from "../../shared/icons.tsx";
import { openThread } from "../actions.ts";
import { now } from "../clock.ts";
import { fullTime, shortTime } from "../format.ts";
import { type Person, people } from "../live/presence.ts";
import { colleague, propertyOf } from "../session/session.ts";
import { GuestText } from "../thread/text.tsx";
import { currentWords } from "../words/words.ts";
import { Avatar } from "./avatar.tsx";
import { Row, RowProperty, RowResolved } from "./row.tsx";
import { threadOf } from "./threads.ts";
import { Waiting } from "./waiting.tsx";
import "./thread-row.css";

interface ThreadRowProps {
  readonly id: string;
  readonly index: number;
  readonly count: number;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
  readonly showsProperty: boolean;
}

/** A thread in a list. Drawn anew when this thread, its props or the people who look at it change. */
export const ThreadRow = memo(function ThreadRow(props: ThreadRowProps) {
  const { id, index, count, isSelected, isOpen, showsProperty } = props;
  const thread = threadOf(id);
  const lookers = useComputed(() => people.value.get(id)).value;
  if (!thread) return <Skeleton />;
  return (
    <Row
      id={`row-${id}`}
      class={thread.IsUnread ? "row-unread" : ""}
      thread={thread}
      isSelected={isSelected}
      isOpen={isOpen}
      place={{ index, count }}
      mark={thread.IsUnread && <span class="unread-mark" role="img" aria-label={currentWords().unread} />}
      when={<When thread={thread} />}
      words={
        <span class="row-words">
          {thread.LastSender === "Enterprise" && (
            <span class="row-by">
              <Icon name="reply" size={14} />
            </span>
          )}
          <GuestText text={thread.LastWords ?? ""} />
        </span>
      }
      end={
        <>
          {lookers ? <Lookers people={lookers} /> : showsProperty && <RowProperty id={thread.EnterpriseId} />}
          {thread.AssigneeId !== null && <Assignee id={thread.AssigneeId} />}
          {thread.IsResolved && <RowResolved />}
        </>
      }
      onClick={() => openThread(id)}
    />
  );
});

function When({ thread }: { readonly thread: InboxThread }) {
  const zone = propertyOf(thread.EnterpriseId)?.TimeZoneIdentifier;
  if (thread.WaitingSinceUtc !== null) {
    return <Waiting since={thread.WaitingSinceUtc} enterpriseId={thread.EnterpriseId} />;
  }
  return (
    <time dateTime={thread.UpdatedUtc} title={fullTime(thread.UpdatedUtc, zone)}>
      {shortTime(thread.UpdatedUtc, zone, now.value)}
    </time>
  );
}

/** The colleagues who look at the thread, or only those who are typing if there are any. */
function Lookers({ people }: { readonly people: readonly Person[] }) {
  const words = currentWords();
  const typing = people.filter(({ isTyping }) => isTyping);
  const isTyped = typing.length > 0;
  const names = (isTyped ? typing : people).map(({ name }) => name).join(", ");
  return (
    <span class={`row-people ${isTyped ? "row-typing" : ""}`}>
      <Icon name={isTyped ? "keyboard" : "eye"} size={14} />
      <span class="row-people-names">
        <span class="visually-hidden">{isTyped ? words.typing(names) : words.looking(names)}</span>
        <span aria-hidden="true">{names}</span>
      </span>
    </span>
  );
}

function Assignee({ id }: { readonly id: string }) {
  const words = currentWords();
  const name = colleague(id)?.Name ?? words.someone;
  return (
    <>
      <span class="visually-hidden">{words.assignedTo(name)}</span>
      <Avatar id={id} name={name} small />
    </>
  );
}

/** Holds the place of a thread that was not fetched yet. */
export function Skeleton() {
  return (
    <div class="row row-skeleton" role="presentation">
      <span class="skeleton skeleton-short" />
      <span class="skeleton" />
      <span class="skeleton skeleton-long" />
    </div>
  );
}
