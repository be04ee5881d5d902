import { signal } from "@preact/signals";

/** Now, in milliseconds, as often as what is shown of times needs it. */
export const now = signal(Date.now());

const every = 15_000;

setInterval(() => {
  now.value = Date.now();
}, every);
document.addEventListener("visibilitychange", () => {
  now.value = Date.now();
});
