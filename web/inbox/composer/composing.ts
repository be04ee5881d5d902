import { signal } from "@preact/signals";

/** Whether the person writes to the guest or to colleagues. */
export const writeMode = signal<"reply" | "note">("reply");

/** Moves the focus to the composer that is on the screen; undefined while there is none. */
let focusPresent: (() => void) | undefined;

/** Until when keys belong to a composer that is not on the screen yet, in milliseconds since 1970. */
let awaitedUntil = 0;
const awaitedFor = 2000;

/** Moves the focus to the composer, at once or as soon as it is on the screen. */
export function write(mode: "reply" | "note"): void {
  writeMode.value = mode;
  // At once, so that the keys that are pressed next go into it.
  if (focusPresent) focusPresent();
  else awaitedUntil = Date.now() + awaitedFor;
}

export function focusComposer(): void {
  focusPresent?.();
}

/** Whether what is typed now is meant for the composer that is about to come. */
export function isComposerAwaited(): boolean {
  return Date.now() < awaitedUntil;
}

/** Says that a composer is on the screen. @returns what says that it is gone */
export function composerShown(focus: () => void): () => void {
  focusPresent = focus;
  if (isComposerAwaited()) focus();
  awaitedUntil = 0;
  return () => {
    if (focusPresent === focus) focusPresent = undefined;
  };
}
