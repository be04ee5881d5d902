import { languageFiles } from "../data/data-file.ts";
import { SavedRepliesData } from "../data/data-schema.ts";
import { enterprises } from "./demo-world.ts";
import { placeOf } from "./facts.ts";

export interface DemoSavedReply {
  readonly enterpriseId: string;
  readonly shortcut: string;
  readonly languageCode: string;
  readonly text: string;
}

const textsIn = languageFiles("saved-replies", SavedRepliesData, (texts) => Object.entries(texts));

/** At each property the same shortcuts, in English, German and the language of the place. */
export function demoSavedReplies(): DemoSavedReply[] {
  return enterprises.flatMap(({ id: enterpriseId, name }) =>
    ["en", "de", placeOf(name).language].flatMap((languageCode) =>
      textsIn(languageCode).map(([shortcut, text]) => ({ enterpriseId, shortcut, languageCode, text })),
    ),
  );
}
