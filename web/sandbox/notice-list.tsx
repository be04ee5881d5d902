import { notice } from "./notices.ts";
import { isLive } from "./server/live.ts";
import "./notice-list.css";

/** Says what was just done or why it failed, and when the sandbox does not answer. */
export function Notices() {
  const shown = notice.value;
  const live = isLive.value;
  const isProblem = shown?.isProblem ?? !live;
  const text = shown?.text ?? (live ? "" : "The sandbox does not answer. The page looks for it again and again.");
  return (
    <div class="notices" role="status">
      {text && <p class={`notice ${isProblem ? "notice-problem" : ""}`}>{text}</p>}
    </div>
  );
}
