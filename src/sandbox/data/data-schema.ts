import Type from "typebox";

/** What a conversation of the demo can be about; a language need not have all of them. */
const conversationTopics = (
  "late parking early invoice lost cot allergy transfer aircon noise works flowers extend pets spa " +
  "access cyclists charge wifi luggage dinner visa checkout quiet cancel praise"
).split(" ");

/** What a guest may write about, as personas see it. A language has all of them; the last four have no words. */
const personaTopics = (
  "arrival departure allergy breakfast noise wifi invoice lost parking group complaint thanks emoji " +
  "letter question other"
).split(" ");

const strict = { additionalProperties: false } as const;
const Text = Type.String({ minLength: 1 });
/** One of them is drawn. */
const Texts = Type.Array(Text, { minItems: 1 });
/** The same where nothing may be said as well. */
const TextsOrNone = Type.Array(Type.String(), { minItems: 1 });
const Property = Type.Enum(["Gross", "Net", "Third"]);

const Line = Type.Object(
  { guest: Type.Optional(Text), desk: Type.Optional(Text) },
  { ...strict, minProperties: 1, maxProperties: 1 },
);

const Script = Type.Object({ subjects: Texts, lines: Type.Array(Line, { minItems: 2 }) }, strict);

/** `conversations/de.yaml`: what guests of a language are called, and what they and the front desk write. */
export const ConversationsData = Type.Object(
  {
    isFamilyNameFirst: Type.Optional(Type.Boolean()),
    /** Groups of names that go together. */
    people: Type.Array(Type.Object({ given: Texts, family: Texts }, strict), { minItems: 1 }),
    guest: Type.Object({ greetings: TextsOrNone, closings: TextsOrNone, thanks: Texts }, strict),
    /** `welcome` is said when a guest has thanked. */
    desk: Type.Object({ greetings: TextsOrNone, closings: TextsOrNone, welcome: Texts }, strict),
    scripts: Type.Record(Type.String(), Script, { propertyNames: { enum: conversationTopics } }),
  },
  strict,
);
export type ConversationsData = Type.Static<typeof ConversationsData>;

const Voice = Type.Object({ greetings: TextsOrNone, closings: TextsOrNone }, strict);

const Answers = Type.Object(
  {
    /** An expression that finds the words which speak for the topic. */
    words: Type.Optional(Type.String({ format: "regex" })),
    brief: Texts,
    full: Texts,
  },
  strict,
);

/** `personas/de.yaml`: what personas answer in a language. */
export const PersonaData = Type.Object(
  {
    /** How each persona begins and ends the first reply to a guest. */
    voices: Type.Object({ warm: Voice, brisk: Voice, formal: Voice, clumsy: Voice }, strict),
    topics: Type.Record(Type.String(), Answers, { propertyNames: { enum: personaTopics }, required: personaTopics }),
  },
  strict,
);
export type PersonaData = Type.Static<typeof PersonaData>;

/** `saved-replies/de.yaml`: by shortcut. */
export const SavedRepliesData = Type.Object(
  { late: Text, parking: Text, checkin: Text, wifi: Text, breakfast: Text, thanks: Text },
  strict,
);

/** `common-words.yaml`: by language, with spaces between. */
export const CommonWordsData = Type.Record(Type.String(), Text);

/** `notes.yaml`: what colleagues write to each other. */
export const NotesData = Type.Object(
  { byTopic: Type.Record(Type.String(), Texts, { propertyNames: { enum: conversationTopics } }), reopening: Texts },
  strict,
);

const Place = Type.Object(
  {
    language: Text,
    city: Text,
    /** By language. */
    cityNames: Type.Optional(Type.Record(Type.String(), Text)),
    airport: Text,
    restaurant: Text,
    parking: Text,
    transfer: Text,
    amounts: Texts,
  },
  strict,
);

/** `places.yaml`: by property. */
export const PlacesData = Type.Object({ Gross: Place, Net: Place, Third: Place }, strict);

/** `staff.yaml`. */
export const StaffData = Type.Array(
  Type.Object(
    {
      id: Type.String({ format: "uuid" }),
      name: Text,
      email: Text,
      role: Type.Enum(["Agent", "Manager", "Owner"]),
      properties: Type.Array(Property, { minItems: 1 }),
    },
    strict,
  ),
);
