import { parse } from "yaml";
import { invalid } from "../../core/problem.ts";

/** What is in the text of a YAML file. @throws Problem (invalid) with the file and the first thing that is wrong */
export function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw invalid(`${path}: ${firstSentence(error)}.`);
  }
}

/** The first line of an error's message without its full stop: the lines that may follow show the place in the text. */
export function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").trimEnd().replace(/[.:]$/, "");
}
