import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { invalid } from "../../core/problem.ts";
import type { Scenario } from "../../protocol/sandbox/scenarios.ts";
import { readScenario } from "./scenario-file.ts";

const folder = new URL("../data/scenarios/", import.meta.url);

let library: Promise<readonly Scenario[]> | undefined;

/** The scenarios that come with the sandbox, by name; read when they are first asked for. */
export function scenarioLibrary(): Promise<readonly Scenario[]> {
  library ??= readLibrary();
  return library;
}

/** @throws Problem (invalid) for a name that is none of the library's */
export async function scenarioNamed(name: string): Promise<Scenario> {
  const scenarios = await scenarioLibrary();
  const found = scenarios.find(({ Name }) => Name === name);
  if (found) return found;
  throw invalid(`Name must be one of ${scenarios.map(({ Name }) => Name).join(", ")}.`);
}

async function readLibrary(): Promise<readonly Scenario[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
  return Promise.all(names.map((name) => readScenario(fileURLToPath(new URL(name, folder)))));
}
