import { signal } from "@preact/signals";

/** Milliseconds since 1970, renewed often enough for times that are shown in minutes. */
export const now = signal(Date.now());

const every = 15_000;

setInterval(() => {
  now.value = Date.now();
}, every);
document.addEventListener("visibilitychange", () => {
  now.value = Date.now();
});
