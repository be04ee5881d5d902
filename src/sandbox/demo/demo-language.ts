/** What guests of one language are called, and what they and the front desk say. */
export interface DemoLanguage {
  readonly code: string;
  /** Groups of given and family names that go together, each a list with spaces between. */
  readonly people: readonly (readonly [given: string, family: string])[];
  readonly isFamilyNameFirst?: boolean;
  /** How a guest begins and ends the first message; one of them may be empty. */
  readonly hello: readonly string[];
  readonly regards: readonly string[];
  /** How the front desk begins and ends its first reply. */
  readonly dear: readonly string[];
  readonly yours: readonly string[];
  /** What guests say when all is well, in the end. */
  readonly thanks: readonly string[];
  /** What the front desk says when that was written again. */
  readonly welcome: readonly string[];
  readonly scripts: readonly DemoScript[];
}

export interface DemoScript {
  readonly topic: string;
  /** The same said in several ways. */
  readonly subjects: readonly string[];
  readonly lines: readonly DemoLine[];
}

export interface DemoLine {
  readonly isGuest: boolean;
  readonly text: string;
}

/**
 * Reads scripts: `# topic: subject | another subject`, and then what the guest (`>`) and the front desk (`<`) say.
 * A line without a mark goes on with the text before it. Placeholders are those of `DemoFacts`.
 */
export function scriptsOf(text: string): DemoScript[] {
  return text
    .split(/^# /m)
    .slice(1)
    .map((script) => {
      const [title = "", ...said] = script.trim().split(/\n(?=[<>] )/);
      const [topic = "", subjects = ""] = title.split(/: (.*)/s);
      const lines = said.map((line) => ({ isGuest: line.startsWith(">"), text: line.slice(2).trim() }));
      return { topic, subjects: subjects.split(" | "), lines };
    });
}
