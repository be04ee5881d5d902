import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

/** Which tests a run takes: `quick` is `npm test`, `rest` is what `quick` leaves of `all`. */
export const modes = ["quick", "rest", "all", "postgres"] as const;
export type Mode = (typeof modes)[number];

/** A test file on an engine. */
export interface Job {
  /** From the project's folder, as in `test/api/both/lists.test.ts`. */
  readonly file: string;
  readonly engine: "sqlite" | "postgres";
  /** Has a process to itself, which ends with it. */
  readonly isAlone: boolean;
}

/** Kills, crowds, browsers, copies, and the docs and packages as users get them: too long for `npm test`. */
const longRooms = new Set(["system", "browser", "product", "copy"]);

/** Rooms whose tests kill, or measure the process they run in. */
const aloneRooms = new Set(["system", "product", "copy"]);

/** The path of a test file says how it runs. */
function jobsOf(file: string): readonly Job[] {
  const folders = file.split("/").slice(1, -1);
  const isAlone = folders.includes("postgres") || aloneRooms.has(folders[0] ?? "");
  if (folders.includes("postgres")) return [{ file, engine: "postgres", isAlone }];
  const onSqlite: Job = { file, engine: "sqlite", isAlone };
  return folders.includes("both") ? [onSqlite, { file, engine: "postgres", isAlone }] : [onSqlite];
}

function isQuick({ file, engine }: Job): boolean {
  return engine === "sqlite" && !longRooms.has(file.split("/")[1] ?? "");
}

const takes: Readonly<Record<Mode, (job: Job) => boolean>> = {
  quick: isQuick,
  rest: (job) => !isQuick(job),
  all: () => true,
  postgres: ({ engine }) => engine === "postgres",
};

/**
 * What a run does. The longest rooms come first, so that a single long file does not come last, and jobs that can share
 * a process stand side by side.
 */
export function jobsFor(mode: Mode): readonly Job[] {
  const jobs = globSync("test/**/*.test.ts", { cwd: projectFolder }).flatMap(jobsOf).filter(takes[mode]);
  const order = ({ file, engine, isAlone }: Job) => `${isAlone ? 0 : 1} ${engine} ${file}`;
  return jobs.toSorted((one, other) => (order(one) < order(other) ? -1 : 1));
}

/** Whether the run's own PostgreSQL has to be started. */
export function needsPostgres(jobs: readonly Job[]): boolean {
  return jobs.some(({ file, engine }) => engine === "postgres" || file.startsWith("test/copy/"));
}

/** Whether the run's own browser has to be started. */
export function needsBrowser(jobs: readonly Job[]): boolean {
  return jobs.some(({ file }) => file.startsWith("test/browser/"));
}
