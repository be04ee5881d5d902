import { invalid } from "../core/problem.ts";
import { TrafficEntry } from "../protocol/sandbox/traffic.ts";
import { checkOf } from "../protocol/validation.ts";
import { parseObject } from "./json-object.ts";

const check = checkOf(TrafficEntry);

/**
 * Reads the entries of JSON lines, one each, or of an answer of `traffic/getAll`.
 * @throws Problem (invalid) that names the first one that is none
 */
export function readLog(text: string): readonly TrafficEntry[] {
  const answered = parseObject(text)?.Traffic;
  if (Array.isArray(answered)) return answered.map((entry, index) => entryIn(entry, `Traffic[${index}]`));
  return text
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : [entryInLine(line, `Line ${index + 1}`)]));
}

function entryInLine(line: string, place: string): TrafficEntry {
  const entry = parseObject(line);
  if (!entry) throw invalid(`${place} is no entry of a sandbox's traffic. It is not a JSON object.`);
  return entryIn(entry, place);
}

function entryIn(entry: unknown, place: string): TrafficEntry {
  try {
    return check(entry);
  } catch (error) {
    throw invalid(`${place} is no entry of a sandbox's traffic. ${error instanceof Error ? error.message : ""}`);
  }
}
