import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { startShared } from "../support/postgres/postgres.ts";
import { slowness } from "../support/run/patience.ts";
import type { Outcome } from "./lane.ts";
import { type Job, jobsFor, type Mode, modes, needsBrowser, needsPostgres, projectFolder } from "./plan.ts";
import { processorSeconds } from "./processor-time.ts";

/**
 * Runs types, lint and the tests of a mode, and prints a line for each file, what failed, and the sums. Test files take
 * turns in a few processes, since starting one costs more than most tests do.
 */

const lanePath = fileURLToPath(new URL("lane.ts", import.meta.url));

/** One more than there are cores, since some tests wait. */
const lanes = availableParallelism() + 1;

/** The longest that a file may take, in milliseconds; it only ends what hangs. */
const fileTimeout = 900_000 * slowness;

const start = performance.now();
const isMode = (word: string): word is Mode => modes.some((mode) => mode === word);
const mode = process.argv[2] ?? "quick";
if (!isMode(mode)) throw new Error(`There is no mode ${mode}; there are ${modes.join(", ")}.`);

/** Random tests of a quick run try less, since those of a whole one follow. */
const laneVariables = mode === "quick" ? { INNBOX_TEST_RUNS: "few" } : {};

let passed = 0;
let failed = 0;

/** Runs an npm script, as in `lint`. */
async function check(script: string): Promise<void> {
  const child = spawn("npm", ["run", "-s", script], { cwd: projectFolder, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (code !== 0) failed += 1;
  process.stdout.write(code === 0 ? `✔ ${script}\n` : `✖ ${script}\n${out}${err}\n`);
}

/** A process that runs test files one after another. */
interface Lane {
  readonly process: ChildProcess;
  /** What it has printed since this was last asked. */
  printed(): string;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

function startLane(engine: Job["engine"]): Lane {
  const child = fork(lanePath, {
    cwd: projectFolder,
    env: { ...process.env, ...laneVariables, ...(engine === "postgres" && { INNBOX_TEST_ENGINE: "postgres" }) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let printed = "";
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  return {
    process: child,
    printed: () => {
      const text = printed;
      printed = "";
      return text;
    },
    ended: new Promise((resolve) => child.once("exit", () => resolve())),
  };
}

/** Has a lane run a file. @returns whether all is well, so that the lane can take another */
async function runIn(lane: Lane, { file, engine }: Job): Promise<boolean> {
  const hangGuard = setTimeout(() => lane.process.kill("SIGKILL"), fileTimeout);
  const answered = once(lane.process, "message").then(([message]) => message as Outcome);
  lane.process.send(file);
  const outcome = await Promise.race([answered, lane.ended]);
  clearTimeout(hangGuard);
  report({ file, engine }, outcome ?? undefined, lane.printed());
  return outcome?.failed === 0;
}

function report({ file, engine }: Pick<Job, "file" | "engine">, outcome: Outcome | undefined, printed: string): void {
  const name = `${file}${engine === "postgres" ? " on PostgreSQL" : ""}`;
  passed += outcome?.passed ?? 0;
  failed += outcome?.failed ?? 1;
  if (!outcome) return void process.stdout.write(`✖ ${name}: its process ended\n${printed}\n`);
  const { seconds, processorSeconds } = outcome;
  const figures = `${outcome.passed} passed in ${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processor)`;
  if (outcome.failed === 0) return void process.stdout.write(`✔ ${name}: ${figures}\n`);
  process.stdout.write(`✖ ${name}: ${outcome.failed} failed, ${figures}\n${outcome.report}\n${printed}\n`);
}

const jobs = [...jobsFor(mode)];

/** Takes the next file until none is left; files of one engine that share a process go on in the same. */
async function work(): Promise<void> {
  let last: { readonly lane: Lane; readonly job: Job } | undefined;
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    const goesOn = last && !last.job.isAlone && !job.isAlone && last.job.engine === job.engine;
    if (!goesOn) {
      await end(last?.lane);
      last = undefined;
    }
    last ??= { lane: startLane(job.engine), job };
    if (await runIn(last.lane, job)) continue;
    last.lane.process.kill("SIGKILL");
    last = undefined;
  }
  await end(last?.lane);
}

/** Has a lane end, if it has not ended yet. */
async function end(lane: Lane | undefined): Promise<void> {
  if (lane?.process.connected) lane.process.disconnect();
  await lane?.ended;
}

const postgres = needsPostgres(jobs) ? await startShared() : undefined;
const browser = needsBrowser(jobs)
  ? await import("../support/browser/desk-browser.ts").then(({ startSharedBrowser }) => startSharedBrowser())
  : undefined;
const checks = mode === "quick" || mode === "all" ? [check("typecheck"), check("lint")] : [];
await Promise.all([...checks, ...Array.from({ length: lanes }, work)]);
await browser?.close();
await postgres?.discard();

const seconds = ((performance.now() - start) / 1000).toFixed(0);
const processor = processorSeconds()?.toFixed(0);
process.stdout.write(`\n${seconds} s${processor ? `, ${processor} s of processor time` : ""}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
