import type { Conduct } from "./conduct.ts";

/** How a client did: `unseen` where nothing happened by which it could be told. */
export type Grade = "unseen" | "pass" | "warn" | "fail";

const byWeight: readonly Grade[] = ["unseen", "pass", "warn", "fail"];

export interface Finding {
  readonly grade: Grade;
  /** What was seen, in one sentence. */
  readonly sentence: string;
  /** The numbers of the entries that show it. */
  readonly entries: readonly number[];
}

type Evidence = readonly { readonly entry: { readonly Number: number } }[];

/** One thing that a certification looks at. */
export interface Rule {
  /** As it is named on the command line. */
  readonly name: string;
  /** What a client does that keeps it. */
  readonly demand: string;
  /** What to do by who does not. */
  readonly advice: string;
  /** At least one finding. */
  readonly judge: (conduct: Conduct) => readonly Finding[];
}

export function worst(grades: readonly Grade[]): Grade {
  return byWeight[Math.max(0, ...grades.map((grade) => byWeight.indexOf(grade)))] ?? "unseen";
}

/** A finding that rests on these exchanges, each named once and in the order of their numbers. */
export function finding(grade: Grade, sentence: string, evidence: Evidence = []): Finding {
  const numbers = new Set(evidence.map(({ entry }) => entry.Number));
  return { grade, sentence, entries: [...numbers].sort((a, b) => a - b) };
}

/** The finding that these exchanges are, if there are any. */
export function found(grade: Grade, evidence: Evidence, sentence: string): readonly Finding[] {
  return evidence.length === 0 ? [] : [finding(grade, sentence, evidence)];
}

/** As in `1 request` or `3 requests`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
