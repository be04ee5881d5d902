import type { Call } from "../conduct.ts";
import { counted, type Finding, finding, type Rule } from "../rule.ts";

/** As in `My Bot 1.2.0`. */
const nameAndVersion = /^(\S.*?)[ /]v?\d+(?:\.\d+){0,3}(?:[-+][\w.+-]+)?$/;

/** Names that tell the property's support nothing of whom to call. */
const commonNames: ReadonlySet<string> = new Set(
  `app application axios bot client curl demo example fetch insomnia integration node postman python requests sample test
  undefined unknown null`.split(/\s+/),
);
const commonAdjectives: ReadonlySet<string> = new Set(["my", "sample", "example", "test", "demo"]);

export const clientName: Rule = {
  name: "client-name",
  demand: 'It says its name and version in Client, as in "My Bot 1.2.0", and the same in every request.',
  advice: "Set Client in one place, to the product's name, a space and its version.",
  judge: ({ calls }) => {
    const named = calls.filter(isReadable);
    if (named.length === 0) return [finding("unseen", "It made no request.")];
    const byName = Map.groupBy(named, ({ entry }) => entry.ClientName);
    const findings = [...byName].flatMap(([name, some]): Finding[] => {
      const problem = problemOf(name);
      return problem ? [finding("fail", `${counted(some.length, "request")} ${problem}`, some.slice(0, 3))] : [];
    });
    if (findings.length > 0) return findings;
    const names = [...byName.keys()].map((name) => `"${name}"`);
    const firsts = [...byName.values()].flatMap((some) => some.slice(0, 1));
    if (names.length > 1) return [finding("warn", `It calls itself ${names.join(" and ")}.`, firsts)];
    return [finding("pass", `It calls itself ${names[0]} throughout.`)];
  },
};

/** A body that is no JSON, or is recorded in part, may have said a name. */
function isReadable({ entry, body }: Call): boolean {
  return entry.Operation !== null && (entry.ClientName !== null || Object.keys(body).length > 0);
}

function problemOf(name: string | null): string | undefined {
  if (name === null || name.trim() === "") return "without a Client.";
  const [, product] = nameAndVersion.exec(name.trim()) ?? [];
  if (product === undefined) return `with the Client "${name}", which has no version.`;
  if (isCommon(product)) return `with the Client "${name}", which might be anybody's.`;
  return undefined;
}

function isCommon(product: string): boolean {
  const words = product.toLowerCase().split(" ");
  return commonNames.has(words.pop() ?? "") && words.every((word) => commonAdjectives.has(word));
}
