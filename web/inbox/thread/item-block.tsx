import { useComputed } from "@preact/signals";
import { memo } from "preact/compat";
import type { ThreadItem } from "../../../src/protocol/staff/threads.ts";
import { now } from "../clock.ts";
import { dayKey, dayName } from "../format.ts";
import { propertyOf } from "../session/session.ts";
import { Item } from "./item.tsx";
import "./item-block.css";

interface ItemBlockProps {
  readonly items: readonly ThreadItem[];
  /** The last item of the block before. */
  readonly before: ThreadItem | undefined;
  readonly enterpriseId: string;
  readonly guest: string;
  readonly marked: string | undefined;
}

/** Some items of a thread, with a line before each day. Drawn anew only when one of its own changed. */
export const ItemBlock = memo(function ItemBlock({ items, before, enterpriseId, guest, marked }: ItemBlockProps) {
  const zone = propertyOf(enterpriseId)?.TimeZoneIdentifier;
  return (
    <div class="item-block">
      {items.map((item, index) => {
        const previous = index === 0 ? before : items[index - 1];
        const isNewDay = !previous || dayKey(previous.CreatedUtc, zone) !== dayKey(item.CreatedUtc, zone);
        return (
          <>
            {isNewDay && <DayLine key={`day-${item.Kind}${item.Id}`} utc={item.CreatedUtc} zone={zone} />}
            <Item
              key={item.Kind + item.Id}
              item={item}
              zone={zone}
              guest={guest}
              isContinued={!isNewDay && previous !== undefined && belongTogether(previous, item)}
              isMarked={marked === item.Id}
            />
          </>
        );
      })}
    </div>
  );
});

/** Within so many milliseconds, a message continues the one before it. */
const shortPause = 5 * 60_000;

/** Whether `b` is shown below `a` without a name, since the same person wrote it soon after. */
function belongTogether(a: ThreadItem, b: ThreadItem): boolean {
  const isSameHand = a.Kind === b.Kind && a.Sender === b.Sender && a.UserId === b.UserId && b.Kind === "MessageAdded";
  return isSameHand && Date.parse(b.CreatedUtc) - Date.parse(a.CreatedUtc) < shortPause;
}

function DayLine({ utc, zone }: { readonly utc: string; readonly zone: string | undefined }) {
  // A day's name changes at midnight, from today to yesterday.
  const name = useComputed(() => dayName(utc, zone, now.value));
  return (
    <h3 class="day-line">
      <span>{name.value}</span>
    </h3>
  );
}
