import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/**
 * Runs all tests, and then those that hold on both engines on PostgreSQL too; with `postgres`, only these. Most files
 * share processes, since starting one costs more than most tests do. Those are apart that start programs or browsers,
 * kill, or measure.
 */
const apart =
  /^(?:postgres-|copy|inbox-(?:page|views|hostile|upgrade)|sandbox-page|packaging|documents|examples|durability|process|command-line|.*-command|doctor|seed|hostile|.*-hostile|long-list|locked-database|upgrade|query-plans|embedded-postgres|receiver-guide|socket-(?:crowd|resume-properties)|webhook-(?:kill|slow)|client-(?:faults|package)|rehearse-watching|pages|architecture|staff-command)/;

/** The contract, the events, the kills and the inbox: what is asked of the store. */
const onBoth =
  /^(?:conversation|durability|feed|group-commit-properties|idempotency|inbox-(?:conversation|lists|live|upgrade)|integration-webhooks|intervals|lists|paging-properties|search(?:-hostile|-indexing|-plans)?|socket(?:-resume|-resume-properties|-wake)?|staff-(?:rights|users)|value-properties|webhook-(?:batches|disabling|independence|integrations|kill|log|meanwhile|restarts|retention|retries|subscriptions)|webhooks)$/;

/** Files that are run by one process. */
interface Group {
  readonly how: string;
  readonly files: readonly string[];
  readonly isOnPostgres: boolean;
}

const folder = fileURLToPath(new URL("..", import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => basename(name, ".test.ts"));

function groupsOf(some: readonly string[], isOnPostgres: boolean): readonly Group[] {
  const path = (name: string) => `test/${name}.test.ts`;
  const together = some.filter((name) => !apart.test(name)).map(path);
  const half = (odd: number) => together.filter((_, index) => index % 2 === odd);
  return [
    { how: "--test-concurrency=3", files: some.filter((name) => apart.test(name)).map(path), isOnPostgres },
    { how: "--test-isolation=none", files: half(0), isOnPostgres },
    { how: "--test-isolation=none", files: half(1), isOnPostgres },
  ];
}

/** Shows what a group has to say when it is over, so that groups don't talk at once. @returns whether all passed */
async function run({ how, files, isOnPostgres }: Group): Promise<boolean> {
  const args = ["--test", how, "--test-timeout=240000", "--test-global-setup=test/support/postgres-run.ts", ...files];
  const child = spawn(process.execPath, args, {
    env: isOnPostgres ? { ...process.env, INNBOX_TEST_ENGINE: "postgres" } : process.env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  process.stdout.write(output);
  return code === 0;
}

const onPostgres = groupsOf(
  names.filter((name) => onBoth.test(name)),
  true,
);
const groups = [...(process.argv[2] === "postgres" ? [] : groupsOf(names, false)), ...onPostgres];

let passed = true;
async function runInTurn(): Promise<void> {
  for (let group = groups.shift(); group; group = groups.shift()) passed = (await run(group)) && passed;
}
// Some of them wait, so that a third one has something to do on two cores.
await Promise.all([runInTurn(), runInTurn(), runInTurn()]);
process.exitCode = passed ? 0 : 1;
