import { signal } from "@preact/signals";

export interface Toast {
  readonly key: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Milliseconds; longer where there is something to press. */
const shownFor = 4000;
const shownWithActionFor = 9000;
const maxShown = 3;

export const toasts = signal<readonly Toast[]>([]);
let count = 0;

/** Says something for some seconds. */
export function say(text: string, action?: Toast["action"]): void {
  count += 1;
  const toast = { key: count, text, ...(action && { action }) };
  toasts.value = [...toasts.value.filter((other) => other.text !== text), toast].slice(-maxShown);
  setTimeout(() => dismiss(toast.key), action ? shownWithActionFor : shownFor);
}

export function dismiss(key: number): void {
  toasts.value = toasts.value.filter((toast) => toast.key !== key);
}

/** Said to screen readers alone. */
export const announcement = signal("");
