import { randomBytes } from "node:crypto";
import { readConfig } from "./config/config.ts";
import { seedDemoWorld } from "./sandbox/demo/demo-world.ts";
import { createSandboxServer } from "./sandbox/serve/sandbox-server.ts";
import { defaultWorld } from "./sandbox/worlds/world-names.ts";
import { quietLog } from "./testing/quiet-log.ts";
import { type TestWorld, testWorld } from "./testing/test-world.ts";

export type { Autopilot } from "./protocol/sandbox/autopilot.ts";
export type { Fault, FaultState } from "./protocol/sandbox/faults.ts";
export type { Scenario, ScenarioRun } from "./protocol/sandbox/scenarios.ts";
export type { TrafficEntry } from "./protocol/sandbox/traffic.ts";
export type { SandboxEvent } from "./testing/event-list.ts";
export type { Chat, Guest } from "./testing/guest.ts";
export type { Staff } from "./testing/staff.ts";
export type { TestWorld } from "./testing/test-world.ts";
export type { TestClock, TestFaults } from "./testing/world-controls.ts";

export interface SandboxOptions {
  /** Without what goes beyond the published API. */
  readonly strict?: boolean;
  /** Requests for each access token and time, as in `200/30s`; `off` by default. */
  readonly rateLimit?: string;
  /** A free one by default. */
  readonly port?: number;
}

/** A whole sandbox in this process, with everything in memory. */
export interface TestSandbox extends TestWorld {
  /** Another world of the same sandbox, made when it is first asked for: what happens there is seen nowhere else. */
  world(name: string): Promise<TestWorld>;
  close(): Promise<void>;
}

/**
 * Starts a sandbox on a free port of this machine, which ends with `close` or with the scope of an `await using`.
 * @throws Error that says which option is wrong, or why the port can't be used
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<TestSandbox & AsyncDisposable> {
  const { strict = false, rateLimit = "off", port = 0 } = options;
  const config = readConfig({ port: String(port), "rate-limit": rateLimit }, {});
  const sandbox = createSandboxServer(
    { ...config, secretKey: randomBytes(32) },
    { log: quietLog(), seed: seedDemoWorld, isStrict: strict, isInMemory: true },
  );
  const url = await sandbox.listen();
  const world = (name: string) => testWorld({ url, worlds: sandbox.worlds }, name);
  const close = sandbox.stop;
  return Object.assign(await world(defaultWorld), { world, close, [Symbol.asyncDispose]: close });
}
