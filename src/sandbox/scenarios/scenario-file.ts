import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { invalid, Problem } from "../../core/problem.ts";
import type { Scenario } from "../../protocol/sandbox/scenarios.ts";
import { firstSentence, parseYaml } from "../data/yaml-text.ts";
import { checkScenario } from "./scenario-check.ts";

const modules = [".ts", ".mts", ".js", ".mjs"];

/** The endings that the name of a scenario's file may have. */
export const scenarioEndings: readonly string[] = [".yaml", ".yml", ".json", ...modules];

/**
 * Reads a scenario from a file: YAML or JSON, or a module that exports it as `scenario` or by default.
 * @throws Problem (invalid) with the file, and what is wrong in it
 */
export async function readScenario(path: string): Promise<Scenario> {
  const ending = extname(path).toLowerCase();
  if (!scenarioEndings.includes(ending)) {
    throw invalid(`${path}: a scenario is a file that ends with ${scenarioEndings.join(", ")}.`);
  }
  const value = modules.includes(ending) ? await exported(path) : await parsed(path);
  try {
    return checkScenario(value);
  } catch (error) {
    throw error instanceof Problem ? invalid(`${path}: ${error.message}`) : error;
  }
}

async function parsed(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw invalid(`${path} can't be read: ${firstSentence(error)}.`);
  });
  // An empty file is an empty scenario: the check then says what it lacks.
  return parseYaml(path, text) ?? {};
}

async function exported(path: string): Promise<unknown> {
  const module: { readonly scenario?: unknown; readonly default?: unknown } = await import(
    pathToFileURL(resolve(path)).href
  ).catch((error: unknown) => {
    throw invalid(`${path} can't be loaded: ${firstSentence(error)}.`);
  });
  const scenario = module.scenario ?? module.default;
  if (scenario === undefined) throw invalid(`${path} must export a scenario, as in export const scenario = { … }.`);
  return scenario;
}
