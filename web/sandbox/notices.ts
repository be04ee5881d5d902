import { signal } from "@preact/signals";
import { Refusal } from "../shared/refusal.ts";

/** How long a notice is shown, in milliseconds. */
const shownFor = 6000;

export interface Notice {
  readonly text: string;
  readonly isProblem: boolean;
}

/** The notice on the screen. */
export const notice = signal<Notice | undefined>(undefined);

let timer: ReturnType<typeof setTimeout> | undefined;

export function tell(text: string, isProblem = false): void {
  notice.value = { text, isProblem };
  clearTimeout(timer);
  timer = setTimeout(() => {
    notice.value = undefined;
  }, shownFor);
}

/** Does something, and shows why if it was refused. @returns whether it was done */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    tell(reasonOf(error), true);
    return false;
  }
}

/** Why something failed, in a sentence. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Refusal)) return String(error);
  if (error.status === 0) return "The connection broke.";
  return error.message || `The answer was ${error.status}.`;
}

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell(`Copied ${what}.`);
  } catch {
    tell("The browser does not let the page copy.", true);
  }
}
