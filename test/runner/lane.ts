import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { slowness } from "../support/run/patience.ts";
import { projectFolder } from "./plan.ts";
import { processorSeconds } from "./processor-time.ts";

/** What a lane says of a file that it has run. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What failed, as Node's own reporter shows it, and what was left behind. */
  readonly report: string;
  readonly seconds: number;
  readonly processorSeconds: number;
}

/** The longest that a single test may take, in milliseconds; it only ends what hangs. */
const testTimeout = 600_000 * slowness;

/** How long the process may stay busy after the last test of a file and its hooks, in milliseconds. */
const closingPatience = 60_000 * slowness;

/** What of a test's events is shown: everything but the lines of what passes. */
const isShown = new Set(["test:fail", "test:stderr", "test:interrupted"]);

/**
 * Runs one file in this process, after those before it. Node's test runner ends a file when nothing keeps the process
 * alive any more, so a timer, socket or worker that a test leaves behind is found here.
 */
async function runFile(file: string, ended: (outcome: Outcome) => void): Promise<void> {
  const start = performance.now();
  const startProcessor = processorSeconds() ?? 0;
  const events = new PassThrough({ objectMode: true });
  const report = text(events.pipe(new spec()));
  let passed = 0;
  let failed = 0;
  let waiting = 0;
  let lastChange = start;

  async function end(trouble?: string): Promise<void> {
    clearInterval(watch);
    events.end();
    ended({
      passed,
      failed: failed + (trouble ? 1 : 0),
      report: [(await report).trim(), trouble].filter(Boolean).join("\n"),
      seconds: (performance.now() - start) / 1000,
      processorSeconds: (processorSeconds() ?? 0) - startProcessor,
    });
  }
  const watch = setInterval(() => {
    if (waiting > 0 || passed + failed === 0 || performance.now() - lastChange < closingPatience) return;
    void end(`✖ The file leaves something behind: ${process.getActiveResourcesInfo().join(", ")}.`);
  }, 1000).unref();

  for await (const event of run({ files: [join(projectFolder, file)], isolation: "none", timeout: testTimeout })) {
    lastChange = performance.now();
    if (event.type === "test:enqueue") waiting += 1;
    if (event.type === "test:complete") waiting -= 1;
    if (event.type === "test:pass" && event.data.details.type !== "suite") passed += 1;
    if (event.type === "test:fail" && event.data.details.type !== "suite") failed += 1;
    if (isShown.has(event.type)) events.write(event);
  }
  await end(passed + failed === 0 ? "✖ The file has no test." : undefined);
}

process.once("disconnect", () => process.exit());
process.on("message", (file: string) => {
  // The channel to the runner would keep the process alive, and so the file from ending.
  process.channel?.unref();
  void runFile(file, (outcome) => {
    process.channel?.ref();
    process.send?.(outcome);
  });
});
