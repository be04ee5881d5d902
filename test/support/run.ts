import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/**
 * Runs all tests, or with `postgres` those that hold on both engines on PostgreSQL. Most files share two processes, since
 * starting one costs more than most tests do. Those are apart that start programs or browsers, kill, or measure.
 */
const apart =
  /^(?:postgres-|copy|inbox-(?:page|views|hostile|upgrade)|sandbox-page|packaging|documents|examples|durability|process|command-line|.*-command|doctor|seed|hostile|.*-hostile|long-list|locked-database|upgrade|query-plans|embedded-postgres|receiver-guide|socket-(?:crowd|resume-properties)|webhook-(?:kill|slow)|client-(?:faults|package)|rehearse-watching|pages|architecture|staff-command)/;

/** The contract, the events, the kills and the inbox: what is asked of the store. */
const onBoth =
  /^(?:conversation|durability|feed|group-commit-properties|idempotency|inbox-(?:conversation|lists|live|upgrade)|integration-webhooks|intervals|lists|paging-properties|search(?:-hostile|-indexing|-plans)?|socket(?:-resume|-resume-properties|-wake)?|staff-(?:rights|users)|value-properties|webhook-(?:batches|disabling|independence|integrations|kill|log|meanwhile|restarts|retention|retries|subscriptions)|webhooks)$/;

const folder = fileURLToPath(new URL("..", import.meta.url));
const isOnPostgres = process.argv[2] === "postgres";
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => basename(name, ".test.ts"))
  .filter((name) => !isOnPostgres || onBoth.test(name));

/** @returns whether all passed. What is not shown at once is shown when it is over. */
async function run(how: string, files: readonly string[], isShownAtOnce: boolean): Promise<boolean> {
  const args = ["--test", how, "--test-timeout=240000", "--test-global-setup=test/support/postgres-run.ts", ...files];
  const child = spawn(process.execPath, args, {
    env: isOnPostgres ? { ...process.env, INNBOX_TEST_ENGINE: "postgres" } : process.env,
    stdio: ["ignore", isShownAtOnce ? "inherit" : "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (child.stdout) process.stdout.write(await text(child.stdout));
  return (await ended) === 0;
}

const files = names.map((name) => ({ isApart: apart.test(name), path: `test/${name}.test.ts` }));
const alone = files.filter(({ isApart }) => isApart).map(({ path }) => path);
const together = files.filter(({ isApart }) => !isApart).map(({ path }) => path);
const passed = await Promise.all([
  run("--test-concurrency=3", alone, true),
  ...[0, 1].map((half) =>
    run(
      "--test-isolation=none",
      together.filter((_, index) => index % 2 === half),
      false,
    ),
  ),
]);
process.exitCode = passed.every(Boolean) ? 0 : 1;
