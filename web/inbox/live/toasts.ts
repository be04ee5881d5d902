import { signal } from "@preact/signals";

export interface Toast {
  readonly key: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** How long a toast is shown, in milliseconds. One with a button stays longer. */
const shownFor = 4000;
const shownWithActionFor = 9000;
const maxShown = 3;

export const toasts = signal<readonly Toast[]>([]);
let count = 0;

/** Shows a toast. */
export function say(text: string, action?: Toast["action"]): void {
  count += 1;
  const toast = { key: count, text, ...(action && { action }) };
  toasts.value = [...toasts.value.filter((other) => other.text !== text), toast].slice(-maxShown);
  setTimeout(() => dismiss(toast.key), action ? shownWithActionFor : shownFor);
}

export function dismiss(key: number): void {
  toasts.value = toasts.value.filter((toast) => toast.key !== key);
}

/** The announcement for screen readers alone. */
export const announcement = signal("");
