import { attempt } from "../notices.ts";
import { ask } from "../server/ask.ts";

/** The view that begins with what was written last. */
const start = "/inbox/open";

/** How long the clock must not have been moved, in milliseconds. */
const calm = 400;

let frame: HTMLIFrameElement | undefined;

/** Where the property's inbox is shown. */
export function useFrame(element: HTMLIFrameElement | null): void {
  frame = element ?? undefined;
}

export function deskFrame(): HTMLIFrameElement | undefined {
  return frame;
}

/** Whether anybody works here; in a bare sandbox nobody does. */
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

/**
 * Signs in anew and shows the same again, once the clock is where it is to be: no session lives through every move of
 * it.
 */
export function reopenDesk(): void {
  clearTimeout(reopening);
  reopening = setTimeout(async () => {
    if (await signIn()) frame?.contentWindow?.location.reload();
  }, calm);
}

/** Signs in anew if the inbox asks who one is. */
export function checkDesk(): void {
  if (hasStaff && frame?.contentDocument?.querySelector("input[type=password]")) reopenDesk();
}

/** Opens a thread in the inbox as if one had come back to its address, so that nothing is loaded anew. */
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

/** The row of the thread that is open, or the list that it would be in, as it stands on the screen. */
export function deskTarget(): DOMRect | undefined {
  if (!frame) return undefined;
  const outer = frame.getBoundingClientRect();
  const row = frame.contentDocument?.querySelector('[role="option"][aria-selected="true"], .thread-header');
  if (!row) return new DOMRect(outer.left + outer.width / 2 - 20, outer.top + 60, 40, 40);
  const inner = row.getBoundingClientRect();
  return new DOMRect(outer.left + inner.left, outer.top + inner.top, inner.width, inner.height);
}
