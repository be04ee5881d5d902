import { attempt } from "../notices.ts";
import { ask } from "../server/ask.ts";

/** The view whose first thread is the one that was written to last. */
const start = "/inbox/open";

/** The inbox is opened again when the clock has not been moved for so many milliseconds. */
const calm = 400;

let frame: HTMLIFrameElement | undefined;

/** Takes the frame in which the property's inbox is shown. */
export function useFrame(element: HTMLIFrameElement | null): void {
  frame = element ?? undefined;
}

export function deskFrame(): HTMLIFrameElement | undefined {
  return frame;
}

/** Whether the world has staff to sign in as. A bare sandbox has none. */
let hasStaff = true;

function signIn(): Promise<boolean> {
  return attempt(() => ask("staff/signIn", {}));
}

/** Signs in and opens the inbox. */
export async function openDesk(): Promise<void> {
  hasStaff = await signIn();
  if (frame) frame.src = start;
}

let reopening: ReturnType<typeof setTimeout> | undefined;

/** Signs in again and reloads the inbox once the clock is no longer moved, since moving it may end the session. */
export function reopenDesk(): void {
  clearTimeout(reopening);
  reopening = setTimeout(async () => {
    if (await signIn()) frame?.contentWindow?.location.reload();
  }, calm);
}

/** Signs in again if the inbox shows its sign-in page. */
export function checkDesk(): void {
  if (hasStaff && frame?.contentDocument?.querySelector("input[type=password]")) reopenDesk();
}

/** Opens a thread in the inbox as the browser's back button would, so that the frame is not loaded again. */
export function showThread(threadId: string): void {
  const address = `${start}/${threadId}`;
  const inside = frame?.contentWindow;
  if (!frame || !inside) return;
  if (!inside.location.pathname.startsWith("/inbox")) {
    frame.src = address;
    return;
  }
  inside.history.pushState(null, "", address);
  inside.dispatchEvent(new PopStateEvent("popstate"));
}

/** The place on the screen of the open thread's row or header, or of the top of the inbox if neither is there. */
export function deskTarget(): DOMRect | undefined {
  if (!frame) return undefined;
  const outer = frame.getBoundingClientRect();
  const row = frame.contentDocument?.querySelector('[role="option"][aria-selected="true"], .thread-header');
  if (!row) return new DOMRect(outer.left + outer.width / 2 - 20, outer.top + 60, 40, 40);
  const inner = row.getBoundingClientRect();
  return new DOMRect(outer.left + inner.left, outer.top + inner.top, inner.width, inner.height);
}
