import { now } from "../clock.ts";
import { duration } from "../format.ts";
import { propertyOf } from "../session/session.ts";
import { currentWords } from "../words/words.ts";
import "./waiting.css";

interface WaitingProps {
  readonly since: string;
  readonly enterpriseId: string;
}

/** Minutes, for a property that the page does not know. */
const usualTarget = 15;

/** How long a guest has waited; warmer as the time comes near within which the property wants to reply. */
export function Waiting({ since, enterpriseId }: WaitingProps) {
  const words = currentWords();
  const target = propertyOf(enterpriseId)?.ReplyTargetMinutes ?? usualTarget;
  const waited = Math.max(0, now.value - Date.parse(since));
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
