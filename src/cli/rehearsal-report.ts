import type { TrafficEntry } from "../protocol/sandbox/traffic.ts";
import type { ClientReport, RuleReport } from "../rehearsal/rehearsal.ts";
import type { Finding } from "../rehearsal/rule.ts";
import { table } from "./printing.ts";

/** Which rules count as failed besides those that the traffic broke. */
export interface Strictness {
  /** Whether rules with warnings do. */
  readonly isStrict: boolean;
  /** Rules that must have been seen, by name. */
  readonly needed: readonly string[];
}

/** How many exchanges are shown for one finding. */
const maxEvidence = 6;

export function isFailed({ rule, grade }: RuleReport, { isStrict, needed }: Strictness): boolean {
  return grade === "fail" || (grade === "warn" && isStrict) || (grade === "unseen" && needed.includes(rule.name));
}

/** For machines. */
export function jsonReport(clients: readonly ClientReport[], strictness: Strictness): string {
  const report = {
    HasPassed: clients.every(({ rules }) => !rules.some((each) => isFailed(each, strictness))),
    Clients: clients.map(({ client, names, entries, rules }) => ({
      Client: client,
      Names: names,
      StartedUtc: entries[0]?.StartedUtc ?? null,
      Entries: entries.length,
      Rules: rules.map((each) => ({
        Rule: each.rule.name,
        Grade: each.grade,
        HasPassed: !isFailed(each, strictness),
        Demand: each.rule.demand,
        Advice: each.rule.advice,
        Findings: each.findings.map(({ grade, sentence, entries: numbers }) => ({
          Grade: grade,
          Sentence: sentence,
          Entries: numbers,
        })),
      })),
    })),
  };
  return JSON.stringify(report, null, 2);
}

/** For people: a table for each client, then what there is to mend, with evidence. */
export function textReport(clients: readonly ClientReport[], strictness: Strictness): string {
  return clients.map((client) => clientText(client, strictness)).join("\n\n");
}

function clientText({ client, names, entries, rules }: ClientReport, strictness: Strictness): string {
  const [first, last] = [entries[0], entries.at(-1)];
  const called = names.length > 0 ? `, which calls itself ${names.map((name) => `"${name}"`).join(" and ")}` : "";
  const span = first && last ? `from ${clockTime(first)} to ${clockTime(last)} UTC` : "";
  const rows = rules.flatMap((each) =>
    each.findings.map(({ grade, sentence }) => [gradeText(each, grade, strictness), each.rule.name, sentence]),
  );
  const failed = rules.filter((each) => isFailed(each, strictness)).length;
  const inTable = table(["GRADE", "RULE", "FINDING"], rows);
  const toMend = rules.filter(({ grade }) => grade === "fail" || grade === "warn");
  const details = toMend.map((each) => `\n${ruleText(each, entries)}`);
  const outcome = failed === 0 ? "It passes." : `It fails: ${failed} of ${rules.length} rules.`;
  return [`${client}${called}: ${entries.length} exchanges ${span}`, "", inTable, ...details, "", outcome].join("\n");
}

/** The outcome of a rule, in capitals when the partner must mend something. */
function gradeText(report: RuleReport, grade: Finding["grade"], strictness: Strictness): string {
  return grade === report.grade && isFailed(report, strictness) ? grade.toUpperCase() : grade;
}

function ruleText({ rule, findings }: RuleReport, entries: readonly TrafficEntry[]): string {
  const evidence = findings
    .filter(({ grade }) => grade === "fail" || grade === "warn")
    .flatMap((each) => [`  ${each.sentence}`, ...evidenceLines(each, entries)]);
  return [`${rule.name}: ${rule.demand}`, ...evidence, `  Do this: ${rule.advice}`].join("\n");
}

function evidenceLines({ entries: numbers }: Finding, entries: readonly TrafficEntry[]): string[] {
  const shown = numbers.slice(0, maxEvidence).flatMap((number) => {
    const entry = entries.find(({ Number: candidate }) => candidate === number);
    return entry ? [`    ${clockTime(entry)}  ${`#${number}`.padEnd(6)} ${exchangeText(entry)}`] : [];
  });
  const more = numbers.length - maxEvidence;
  return more > 0 ? [...shown, `    and ${more} more: #${numbers.slice(maxEvidence).join(", #")}`] : shown;
}

/** As in `messages/add → 429, Retry-After 3, 2 ms`. */
function exchangeText(entry: TrafficEntry): string {
  const { Kind, Operation, Address, Status, ResponseHeaders, Milliseconds, DeliveryId, Fault } = entry;
  const what = Kind === "Webhook" ? `webhook ${DeliveryId}` : (Operation ?? Address);
  const wait = ResponseHeaders["retry-after"];
  const parts = [
    `${what} → ${Status ?? "no answer"}`,
    ...(wait ? [`Retry-After ${wait}`] : []),
    `${Math.round(Milliseconds).toLocaleString("en")} ms`,
    ...(Fault ? [`fault: ${Fault}`] : []),
    ...(Status === null && entry.Error ? [entry.Error] : []),
  ];
  return parts.join(", ");
}

function clockTime({ StartedUtc }: TrafficEntry): string {
  return StartedUtc.slice(11, 23);
}
