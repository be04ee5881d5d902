import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type Type from "typebox";
import { personaLanguage, personaLanguageCodes } from "../../../src/sandbox/autopilot/persona-language.ts";
import { checkedData } from "../../../src/sandbox/data/data-file.ts";
import * as schemas from "../../../src/sandbox/data/data-schema.ts";

const folder = new URL("../../../src/sandbox/data/", import.meta.url);

function textOf(path: string): string {
  return readFileSync(new URL(path, folder), "utf8");
}

function languagesIn(name: string): string[] {
  return readdirSync(new URL(name, folder)).map((file) => file.replace(/\.yaml$/, ""));
}

const folders: readonly (readonly [name: string, schema: Type.TSchema, placeholders: string])[] = [
  [
    "conversations",
    schemas.ConversationsData,
    "airport amount city code date early flight guest late link me now out parking property restaurant room transfer until",
  ],
  ["personas", schemas.PersonaData, "guest me property"],
  ["saved-replies", schemas.SavedRepliesData, "guest me property"],
];

for (const [name, schema, placeholders] of folders) {
  for (const code of languagesIn(name)) {
    const path = `${name}/${code}.yaml`;
    test(`${path} has what its schema says, placeholders that are filled in, and a word for translators`, () => {
      const text = textOf(path);
      const data = JSON.stringify(checkedData(path, text, schema));
      const known = placeholders.split(" ");
      for (const [, placeholder = ""] of data.matchAll(/\{([^{}"]*[a-z][^{}"]*)\}/g)) {
        assert.ok(known.includes(placeholder), `{${placeholder}} in ${path}`);
      }
      assert.match(text, /^# /);
      assert.equal(new Intl.Locale(code).language, code);
    });
  }
}

test("the data of all languages have what their schemas say", () => {
  checkedData("common-words.yaml", textOf("common-words.yaml"), schemas.CommonWordsData);
  checkedData("notes.yaml", textOf("notes.yaml"), schemas.NotesData);
  checkedData("places.yaml", textOf("places.yaml"), schemas.PlacesData);
  checkedData("staff.yaml", textOf("staff.yaml"), schemas.StaffData);
});

test("each language that personas speak has a file, with words for each topic that is known by them", () => {
  assert.deepEqual(languagesIn("personas").toSorted(), personaLanguageCodes.toSorted());
  const withoutWords = ["emoji", "letter", "question", "other"];
  for (const code of personaLanguageCodes) {
    for (const { topic, words } of personaLanguage(code).topics) {
      assert.equal(words.source === "(?!)", withoutWords.includes(topic), `${topic} in ${code}`);
    }
  }
});

const german = textOf("personas/de.yaml");

const mistakes: readonly (readonly [what: string, from: string, to: string, sentence: string | RegExp])[] = [
  ["lacks a topic", "  wifi:", "  wlan:", "personas/de.yaml: topics.wifi is missing."],
  ["lacks a field", "closings:", "closing:", "personas/de.yaml: voices.warm.closings is missing."],
  ["has a field too many", "voices:", "voice: 1\nvoices:", /^personas\/de\.yaml: voice is none of the fields/],
  ["has a pattern that is none", "wlan|", "(wlan|", 'personas/de.yaml: topics.wifi.words must match format "regex".'],
  [
    "leaves out an answer",
    "- Wir suchen.",
    '- "" #',
    "personas/de.yaml: topics.lost.brief.1 must not have fewer than 1 characters.",
  ],
  ["is no YAML", "voices:", "voices: [", /^personas\/de\.yaml: [^\n]+ at line \d+, column \d+\.$/],
];

for (const [what, from, to, message] of mistakes) {
  test(`a file that ${what} is refused with one sentence that names the file and the place`, () => {
    const read = () => checkedData("personas/de.yaml", german.replace(from, to), schemas.PersonaData);
    assert.throws(read, { kind: "invalid", message });
  });
}
