import { memo } from "preact/compat";
import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import { Icon } from "../../shared/icons.tsx";
import { duration, fullTime, shortTime } from "../format.ts";
import type { Person } from "../live/presence.ts";
import { colleague, propertyOf } from "../session/session.ts";
import { GuestText } from "../thread/text.tsx";
import { useWords } from "../words/words.ts";
import { Avatar, Dot } from "./avatar.tsx";

interface ThreadRowProps {
  readonly thread: InboxThread;
  readonly index: number;
  readonly count: number;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
  readonly showsProperty: boolean;
  readonly people: readonly Person[] | undefined;
  readonly now: number;
  readonly onOpen: (threadId: string) => void;
}

/** A thread as its list shows it. */
export const ThreadRow = memo(function ThreadRow(props: ThreadRowProps) {
  const { thread, index, count, isSelected, isOpen, showsProperty, people, now, onOpen } = props;
  const words = useWords();
  const property = propertyOf(thread.EnterpriseId);
  const assignee = thread.AssigneeId === null ? undefined : (colleague(thread.AssigneeId)?.Name ?? words.someone);
  const typing = people?.filter(({ isTyping }) => isTyping);
  const names = (typing?.length ? typing : people)?.map(({ name }) => name).join(", ");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of a listbox are heard by the page as a whole.
    <div
      id={`row-${thread.Id}`}
      class={`row ${isSelected ? "row-selected" : ""} ${isOpen ? "row-open" : ""} ${thread.IsUnread ? "row-unread" : ""}`}
      role="option"
      aria-selected={isSelected}
      aria-setsize={count}
      aria-posinset={index + 1}
      tabIndex={-1}
      onClick={() => onOpen(thread.Id)}
    >
      <span class="row-mark">
        {thread.IsUnread && <span class="unread-mark" role="img" aria-label={words.unread} />}
      </span>
      <span class="row-sender">
        <GuestText text={thread.OriginalSender} />
      </span>
      <span class="row-when">
        {thread.WaitingSinceUtc === null ? (
          <time dateTime={thread.UpdatedUtc} title={fullTime(thread.UpdatedUtc, property?.TimeZoneIdentifier)}>
            {shortTime(thread.UpdatedUtc, property?.TimeZoneIdentifier, now)}
          </time>
        ) : (
          <Waiting since={thread.WaitingSinceUtc} target={property?.ReplyTargetMinutes ?? 15} now={now} />
        )}
      </span>
      <span class="row-subject">
        <GuestText text={thread.Subject || words.noSubject} />
      </span>
      <span class="row-words">
        {thread.LastSender === "Enterprise" && (
          <span class="row-by">
            <Icon name="reply" size={14} />
          </span>
        )}
        <GuestText text={thread.LastWords ?? ""} />
      </span>
      <span class="row-end">
        {people && people.length > 0 ? (
          <span class={`row-people ${typing?.length ? "row-typing" : ""}`}>
            <Icon name={typing?.length ? "keyboard" : "eye"} size={14} />
            <span class="row-people-names">
              <span class="visually-hidden">
                {typing?.length ? words.typing(names ?? "") : words.looking(names ?? "")}
              </span>
              <span aria-hidden="true">{names}</span>
            </span>
          </span>
        ) : (
          showsProperty && (
            <span class="row-property">
              <Dot id={thread.EnterpriseId} />
              {property?.Name}
            </span>
          )
        )}
        {assignee !== undefined && (
          <>
            <span class="visually-hidden">{words.assignedTo(assignee)}</span>
            <Avatar id={thread.AssigneeId ?? ""} name={assignee} small />
          </>
        )}
        {thread.IsResolved && (
          <span class="row-resolved">
            <Icon name="check" size={15} />
            <span class="visually-hidden">{words.resolved}</span>
          </span>
        )}
      </span>
    </div>
  );
});

interface WaitingProps {
  readonly since: string;
  /** Minutes. */
  readonly target: number;
  readonly now: number;
}

/** How long a guest waits; warmer as the property's aim comes nearer. */
export function Waiting({ since, target, now }: WaitingProps) {
  const words = useWords();
  const waited = Math.max(0, now - Date.parse(since));
  const part = waited / (target * 60_000);
  const level = part >= 1 ? "late" : part >= 0.5 ? "soon" : "fine";
  const long = duration(waited, "long");
  const label = level === "late" ? words.waitingOver(long) : words.waiting(long);
  return (
    <span class={`waiting waiting-${level}`} title={label}>
      <span aria-hidden="true">{duration(waited)}</span>
      <span class="visually-hidden">{label}</span>
    </span>
  );
}
