/** What personas say in one language. */
export interface PersonaLanguage {
  readonly code: string;
  /** How each persona begins and ends the first reply to a guest; placeholders are those of `ConversationFacts`. */
  readonly voices: Readonly<Record<PersonaName, PersonaVoice>>;
  readonly topics: () => readonly PersonaTopic[];
}

export type PersonaName = "warm" | "brisk" | "formal" | "clumsy";

export interface PersonaVoice {
  readonly dear: readonly string[];
  readonly yours: readonly string[];
}

/** What a guest may write about, and what is answered, shortly or at length, each in several ways. */
export interface PersonaTopic {
  readonly topic: string;
  /** Finds every word that speaks for it. */
  readonly words: RegExp;
  readonly brief: readonly string[];
  readonly full: readonly string[];
}

/**
 * Reads topics, when they are first asked for: `# topic: words that speak for it, as an expression`, then brief answers
 * (`-`) and those at length (`+`).
 */
export function topicsOf(text: string): () => readonly PersonaTopic[] {
  let topics: readonly PersonaTopic[] | undefined;
  return () => {
    topics ??= text.split(/^# /m).slice(1).map(topicIn);
    return topics;
  };
}

function topicIn(part: string): PersonaTopic {
  const [title = "", ...lines] = part.trim().split("\n");
  const [topic = "", words = ""] = title.split(/:\s*(.*)/s);
  const said = (mark: string) => lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
  // Arabic writes its smallest words together with the next one. Nothing speaks for what has no words.
  const expression = words ? `(?<!\\p{L})\\p{Script=Arabic}{0,3}(?:${words})` : "(?!)";
  return { topic, words: new RegExp(expression, "giu"), brief: said("- "), full: said("+ ") };
}
