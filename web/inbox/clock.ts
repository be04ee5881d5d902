import { cell } from "../shared/cell.ts";

/** Now, in milliseconds, as often as what is shown of times needs it. */
export const now = cell(Date.now());

const every = 15_000;

setInterval(() => now.set(Date.now()), every);
document.addEventListener("visibilitychange", () => now.set(Date.now()));
