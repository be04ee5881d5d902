/** A stream on which one line can be overwritten, such as `process.stderr` on a terminal. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How far a piece of work is. */
export interface Step {
  /** What is done, as in `Copying`. */
  readonly title: string;
  readonly done: number;
  /** What `done` comes to in the end, as far as is known. */
  readonly total: number;
  /** The part that is being worked on, as in `message`. */
  readonly detail: string;
}

export interface ProgressBar {
  draw(step: Step): void;
  /** Leaves the screen as it was. */
  clear(): void;
}

/** How often a line is drawn, in milliseconds. */
const interval = 100;

const barWidth = 10;

const clearLine = "\r\u001b[K";

/** Draws one line with rate and time left on a terminal, and nothing when the stream is a file or a pipe. */
export function progressBar(screen: Screen, now: () => number): ProgressBar {
  let begun: { readonly title: string; readonly done: number; readonly at: number } | undefined;
  let drawn = Number.NEGATIVE_INFINITY;
  return {
    draw: (step) => {
      const at = now();
      // An earlier run that was cut short has done a part already, which must not count as the speed of this run.
      if (begun?.title !== step.title) begun = { title: step.title, done: step.done, at };
      if (!screen.isTTY || (at - drawn < interval && step.done < step.total)) return;
      drawn = at;
      const rate = (step.done - begun.done) / Math.max(0.001, (at - begun.at) / 1000);
      screen.write(clearLine + progressLine(step, rate).slice(0, (screen.columns ?? 80) - 1));
    },
    clear: () => {
      if (screen.isTTY) screen.write(clearLine);
    },
  };
}

/** As in `Copying   [##        ]  25%  100,000 of 400,000 rows  31,000/s  0:10 left  message`. */
export function progressLine({ title, done, total, detail }: Step, rate: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const bar = "#".repeat(Math.floor(share * barWidth)).padEnd(barWidth);
  const left = rate > 0 ? `${minutes((total - done) / rate)} left` : "";
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `${title.padEnd(9)} [${bar}] ${percent}  ${count(done)} of ${count(total)} rows  ${count(rate)}/s  ${left}  ${detail}`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function minutes(seconds: number): string {
  const rounded = Math.max(0, Math.ceil(seconds));
  const [hours, rest] = [Math.floor(rounded / 3600), rounded % 3600];
  const padded = (value: number) => String(value).padStart(2, "0");
  const tail = `${Math.floor(rest / 60)}:${padded(rest % 60)}`;
  return hours > 0 ? `${hours}:${tail.padStart(5, "0")}` : tail;
}
