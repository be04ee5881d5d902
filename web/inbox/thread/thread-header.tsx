import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import { Icon } from "../../shared/icons.tsx";
import { markUnread, setResolved } from "../actions.ts";
import { now } from "../clock.ts";
import { show } from "../dialogs/open-dialog.ts";
import { listOf, timeOfDay } from "../format.ts";
import { Avatar, Dot } from "../list/avatar.tsx";
import { Waiting } from "../list/waiting.tsx";
import { people } from "../live/presence.ts";
import { leaveThread } from "../place.ts";
import { colleague, me, propertyOf } from "../session/session.ts";
import { currentWords } from "../words/words.ts";
import { GuestText } from "./text.tsx";
import "./thread-header.css";

/** Guest, subject, property and assignee of the open thread, and the colleagues who look at it too. */
export function ThreadHeader({ thread }: { readonly thread: InboxThread }) {
  const words = currentWords();
  const signedIn = me();
  const time = now.value;
  const others = people.value.get(thread.Id) ?? [];
  const property = propertyOf(thread.EnterpriseId);
  const isMine = thread.AssigneeId === signedIn.User.Id;
  const assignee =
    thread.AssigneeId === null ? undefined : isMine ? words.you : (colleague(thread.AssigneeId)?.Name ?? words.someone);
  return (
    <header class="thread-header">
      <button type="button" class="icon-button back-button" aria-label={words.back} onClick={leaveThread}>
        <Icon name="back" />
      </button>
      <div class="thread-titles">
        <h2 class="thread-subject">
          <GuestText text={thread.Subject || words.noSubject} />
        </h2>
        <p class="thread-facts">
          <GuestText text={thread.OriginalSender} class="thread-sender" />
          {property && (
            <span class="thread-property" title={property.TimeZoneIdentifier}>
              <Dot id={property.Id} />
              {property.Name}
              <span class="thread-clock"> {timeOfDay(new Date(time).toISOString(), property.TimeZoneIdentifier)}</span>
            </span>
          )}
          {thread.WaitingSinceUtc !== null && (
            <Waiting since={thread.WaitingSinceUtc} enterpriseId={thread.EnterpriseId} />
          )}
          {others.length > 0 && (
            <span class="thread-lookers">
              <Icon name="eye" size={15} />
              {words.looking(listOf(others.map(({ name }) => name)))}
            </span>
          )}
        </p>
      </div>
      <div class="thread-actions">
        <button
          type="button"
          class="button button-quiet assign-button"
          title={`${words.assign} (A)`}
          onClick={() => show("assign")}
        >
          {thread.AssigneeId !== null && assignee !== undefined ? (
            <Avatar id={thread.AssigneeId} name={isMine ? signedIn.User.Name : assignee} small />
          ) : (
            <Icon name="person" />
          )}
          <span class="wide-only">{assignee ?? words.assign}</span>
          <span class="visually-hidden">
            {assignee === undefined ? words.assign : `${words.assignedTo(assignee)}. ${words.assign}`}
          </span>
        </button>
        <button
          type="button"
          class="icon-button wide-only"
          aria-label={words.markUnread}
          title={`${words.markUnread} (U)`}
          onClick={() => markUnread(thread)}
        >
          <Icon name="mail" />
        </button>
        <button
          type="button"
          class="icon-button wide-only"
          aria-label={words.print}
          title={words.print}
          onClick={() => print()}
        >
          <Icon name="print" />
        </button>
        <button
          type="button"
          class={`button ${thread.IsResolved ? "button-quiet" : "button-resolve"}`}
          title={`${thread.IsResolved ? words.reopen : words.resolve} (E)`}
          onClick={() => setResolved(thread, !thread.IsResolved)}
        >
          <Icon name={thread.IsResolved ? "undo" : "check"} />
          <span class="narrow-hidden">{thread.IsResolved ? words.reopen : words.resolve}</span>
        </button>
      </div>
    </header>
  );
}
