import { languageFiles } from "../data/data-file.ts";
import { ConversationsData } from "../data/data-schema.ts";

/** What guests of one language are called, and what they and the front desk write. */
export type DemoLanguage = ReturnType<typeof demoLanguage>;
export type DemoScript = DemoLanguage["scripts"][number];
/** The placeholders in its text are those of `DemoFacts`. */
export type DemoLine = DemoScript["lines"][number];

/** The language of a code, as in `de`. */
export const demoLanguage = languageFiles("conversations", ConversationsData, ({ scripts, ...language }, code) => ({
  ...language,
  code,
  scripts: Object.entries(scripts).map(([topic, { subjects, lines }]) => ({
    topic,
    subjects,
    lines: lines.map(({ guest, desk }) => ({ isGuest: guest !== undefined, text: guest ?? desk ?? "" })),
  })),
}));
