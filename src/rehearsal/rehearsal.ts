import type { TrafficEntry } from "../protocol/sandbox/traffic.ts";
import { type ClientTraffic, clientsIn } from "./clients.ts";
import { conductOf } from "./conduct.ts";
import { type Finding, type Grade, type Rule, worst } from "./rule.ts";
import { rules } from "./rules.ts";

/** How a client did by one rule. */
export interface RuleReport {
  readonly rule: Rule;
  readonly grade: Grade;
  readonly findings: readonly Finding[];
}

/** How one client did. */
export interface ClientReport extends ClientTraffic {
  readonly rules: readonly RuleReport[];
}

/**
 * Grades every client that the entries are of.
 * @param until  when watching ended, in milliseconds of the world's clock; by default, with the last entry
 */
export function rehearse(entries: readonly TrafficEntry[], until = lastMoment(entries)): readonly ClientReport[] {
  return clientsIn(entries).map((client) => {
    const conduct = conductOf(client.entries, until);
    const reports = rules.map((rule) => {
      const findings = rule.judge(conduct);
      return { rule, grade: worst(findings.map(({ grade }) => grade)), findings };
    });
    return { ...client, rules: reports };
  });
}

function lastMoment(entries: readonly TrafficEntry[]): number {
  return entries.reduce(
    (latest, { StartedUtc, Milliseconds }) => Math.max(latest, Date.parse(StartedUtc) + Milliseconds),
    Number.NEGATIVE_INFINITY,
  );
}
