import { notice } from "./notices.ts";
import { isLive } from "./server/live.ts";

/** What was just done, or why not; and whether the sandbox is still there. */
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
