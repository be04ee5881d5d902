import { cell } from "../../shared/cell.ts";

/** Whether one writes to the guest or to colleagues. */
export const writeMode = cell<"reply" | "note">("reply");

/** The composer on the screen, for the keys of the page. */
export const composing = cell<{ readonly focus: () => void } | undefined>(undefined);

/** Until when keys belong to a composer that is not there yet, in milliseconds since 1970. */
let awaitedUntil = 0;
const awaitedFor = 2000;

/** Goes to the composer, at once or as soon as it is there. */
export function write(mode: "reply" | "note"): void {
  writeMode.set(mode);
  const present = composing.get();
  // What is typed right behind the key belongs into it.
  if (present) present.focus();
  else awaitedUntil = Date.now() + awaitedFor;
}

/** Whether what is typed now is meant for the composer that is about to come. */
export function isComposerAwaited(): boolean {
  return Date.now() < awaitedUntil;
}

/** The composer is there, or gone. */
export function setComposing(present: ReturnType<typeof composing.get>): void {
  composing.set(present);
  if (!present) return;
  if (isComposerAwaited()) present.focus();
  awaitedUntil = 0;
}
