import type { ThreadItem } from "../../../src/protocol/staff/threads.ts";
import { Icon, type IconName } from "../../shared/icons.tsx";
import { fullTime, timeOfDay } from "../format.ts";
import { Avatar } from "../list/avatar.tsx";
import { colleague, me } from "../session/session.ts";
import type { Words } from "../words/en.ts";
import { currentWords } from "../words/words.ts";
import { GuestText, MessageText } from "./text.tsx";
import "./item.css";

interface ItemProps {
  readonly item: ThreadItem;
  readonly zone: string | undefined;
  readonly guest: string;
  readonly isContinued: boolean;
  readonly isMarked: boolean;
}

/** A message, a note, or a line about what happened. */
export function Item({ item, zone, guest, isContinued, isMarked }: ItemProps) {
  const words = currentWords();
  if (item.Kind === "ThreadAdded") return null;
  if (item.Kind !== "MessageAdded" && item.Kind !== "NoteAdded") return <EventLine item={item} zone={zone} />;
  const isGuests = item.Kind === "MessageAdded" && item.Sender === "Application";
  const isNote = item.Kind === "NoteAdded";
  const name = isGuests ? guest : authorName(item.UserId, words);
  const kind = isNote ? "item-note" : isGuests ? "item-guest" : "item-own";
  return (
    <article
      id={`item-${item.Id}`}
      class={`item message ${kind} ${isContinued ? "item-continued" : ""} ${isMarked ? "item-marked" : ""}`}
      tabIndex={-1}
    >
      {!isContinued && (
        <header class="message-header">
          {isNote && <Icon name="note" size={15} />}
          {!isNote && !isGuests && item.UserId && (
            <Avatar id={item.UserId} name={colleague(item.UserId)?.Name ?? name} small />
          )}
          <span class="message-name">{isGuests ? <GuestText text={name} /> : isNote ? words.noteBy(name) : name}</span>
        </header>
      )}
      <div class="bubble">
        <MessageText text={item.Text ?? ""} />
      </div>
      <time class="message-time" dateTime={item.CreatedUtc} title={fullTime(item.CreatedUtc, zone)}>
        {timeOfDay(item.CreatedUtc, zone)}
      </time>
    </article>
  );
}

function authorName(userId: string | null, words: Words): string {
  if (userId === null) return words.property;
  return userId === me().User.Id ? words.you : (colleague(userId)?.Name ?? words.someone);
}

const eventIcons: Readonly<Record<string, IconName>> = {
  ThreadAssigned: "person",
  ThreadResolved: "check",
  ThreadReopened: "undo",
};

function EventLine({ item, zone }: { readonly item: ThreadItem; readonly zone: string | undefined }) {
  const words = currentWords();
  return (
    <p class="item event-line">
      <Icon name={eventIcons[item.Kind] ?? "clock"} size={14} />
      <span>{sentence(item, words)}</span>
      <time dateTime={item.CreatedUtc} title={fullTime(item.CreatedUtc, zone)}>
        {timeOfDay(item.CreatedUtc, zone)}
      </time>
    </p>
  );
}

function sentence({ Kind, UserId, AssigneeId }: ThreadItem, words: Words): string {
  const { lines } = words;
  const by = UserId === null ? undefined : authorName(UserId, words);
  if (Kind === "ThreadResolved") return by ? lines.resolvedBy(by) : lines.resolvedAlone;
  if (Kind === "ThreadReopened") return by ? lines.reopenedBy(by) : lines.reopenedByGuest;
  if (AssigneeId === null) return by ? lines.unassignedBy(by) : lines.unassigned;
  const to = authorName(AssigneeId, words);
  if (!by) return lines.assignedAlone(to);
  return AssigneeId === UserId ? lines.took(by) : lines.assignedBy(by, to);
}
