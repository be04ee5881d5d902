import { languageFiles } from "../data/data-file.ts";
import { ConversationsData } from "../data/data-schema.ts";

/** What guests of one language are called, and what they and the front desk write. */
export interface DemoLanguage extends Omit<ConversationsData, "scripts"> {
  readonly code: string;
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
  /** Placeholders are those of `DemoFacts`. */
  readonly text: string;
}

/** The language of a code, as in `de`. */
export const demoLanguage: (code: string) => DemoLanguage = languageFiles(
  "conversations",
  ConversationsData,
  ({ scripts, ...language }, code) => ({
    ...language,
    code,
    scripts: Object.entries(scripts).map(([topic, { subjects, lines }]) => ({
      topic,
      subjects,
      lines: lines.map(({ guest, desk }) => ({ isGuest: guest !== undefined, text: guest ?? desk ?? "" })),
    })),
  }),
);
