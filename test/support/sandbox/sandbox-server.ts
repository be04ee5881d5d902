import { randomBytes } from "node:crypto";
import { type Flags, readConfig } from "../../../src/config/config.ts";
import { sandboxPageRoutes } from "../../../src/pages/sandbox-page.ts";
import type { Autopilot } from "../../../src/protocol/sandbox/autopilot.ts";
import type { FaultState } from "../../../src/protocol/sandbox/faults.ts";
import type { Scenario, ScenarioRun } from "../../../src/protocol/sandbox/scenarios.ts";
import type { TrafficEntry } from "../../../src/protocol/sandbox/traffic.ts";
import { demoTokens, seedDemoWorld } from "../../../src/sandbox/demo/demo-world.ts";
import { seedLivelyWorld } from "../../../src/sandbox/demo/inbox.ts";
import { createSandboxServer, type SandboxServerOptions } from "../../../src/sandbox/serve/sandbox-server.ts";
import { environment } from "../database/engine.ts";
import { unhurried } from "../run/patience.ts";
import type { AnswerBody } from "../server/answer.ts";
import { keptLog } from "../server/test-logs.ts";

/** The properties of every answer together. */
export interface SandboxAnswerBody extends AnswerBody {
  readonly IsFrozen: boolean;
  readonly Traffic: readonly TrafficEntry[];
  readonly Faults: readonly FaultState[];
  readonly Autopilot: Autopilot;
  readonly Run: ScenarioRun;
  readonly Runs: readonly ScenarioRun[];
  readonly Scenarios: readonly Scenario[];
  readonly Worlds: readonly { readonly Name: string; readonly IsDefault: boolean }[];
  readonly Snapshots: readonly { readonly Name: string; readonly TakenUtc: string }[];
  readonly WebhookId: string;
  readonly Secret: string;
  readonly Status: number | null;
  readonly Id: string;
  readonly IsResolved: boolean;
}

export interface SandboxAnswer {
  readonly status: number;
  readonly text: string;
  readonly body: SandboxAnswerBody;
}

export interface TestSandboxOptions extends Partial<SandboxServerOptions> {
  /** With people at the properties, and what guests have written to them. */
  readonly isLively?: boolean;
  /** With the page at `/`. */
  readonly hasPages?: boolean;
}

/** A whole sandbox with all of its worlds in memory, unless `flags` name a database. */
export async function startTestSandbox(
  t: { after(end: () => unknown): void },
  flags: Flags = {},
  options: TestSandboxOptions = {},
) {
  const { log, logged } = keptLog();
  const isInMemory = flags.database === undefined;
  const read = readConfig({ port: "0", "rate-limit": "off", ...flags }, environment);
  const config = isInMemory ? { ...read, secretKey: randomBytes(32) } : read;
  const seed = options.isLively ? seedLivelyWorld : seedDemoWorld;
  const sandbox = createSandboxServer(config, { log, seed, isInMemory, ...unhurried, ...options });
  t.after(sandbox.stop);
  if (options.hasPages) sandboxPageRoutes(sandbox.server.fastify);
  const url = await sandbox.listen();

  async function post(path: string, body: object, name?: string): Promise<SandboxAnswer> {
    const headers = { "Content-Type": "application/json", ...(name && { "Innbox-World": name }) };
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, text, body: text === "" ? undefined : JSON.parse(text) };
  }

  return {
    ...sandbox,
    url,
    logged,
    /** Calls an operation of the Connector API as client 1, in the default world or another. */
    call: (operation: string, properties: object = {}, name?: string) =>
      post(`/api/connector/v1/${operation}`, { ...demoTokens, Client: "Test 1.0.0", ...properties }, name),
    /** Calls an operation of the sandbox's own API, as in `clock/advance`. */
    sandbox: (operation: string, input: object = {}, name?: string) => post(`/sandbox/v1/${operation}`, input, name),
  };
}
