import type { DemoRandom } from "../demo/demo-random.ts";
import type { ConversationFacts } from "./attendant.ts";
import { guessLanguage } from "./guest-language.ts";
import { type PersonaLanguage, type PersonaName, personaLanguage, spokenCode } from "./persona-language.ts";

/** An invented colleague with a character, who answers guests. */
export interface Persona {
  readonly name: PersonaName;
  readonly description: string;
}

export const personas: readonly Persona[] = [
  { name: "warm", description: "Friendly, takes the time, likes a smile at the end." },
  { name: "brisk", description: "Says what is needed in one line, and no word more." },
  { name: "formal", description: "Salutation, full sentences, name and house at the end." },
  { name: "clumsy", description: "Means well, types too fast and corrects it afterwards." },
];

/** What a persona must know of the earlier messages of a thread. */
export interface ConversationSoFar {
  languageCode: string | undefined;
  replies: number;
  /** Which of several answers about a topic comes first; the next time the next one is given. */
  firstAnswer: number;
  /** How often each topic was answered. */
  readonly answered: Map<string, number>;
}

export function newConversation(): ConversationSoFar {
  return { languageCode: undefined, replies: 0, firstAnswer: 0, answered: new Map() };
}

export interface PersonaQuestion {
  readonly question: string;
  /** Is changed by the answer. */
  readonly conversation: ConversationSoFar;
  readonly facts: ConversationFacts;
  /** The guest's by default. */
  readonly languageCode: string | undefined;
}

/** What a persona answers a guest. */
export function personaReply(random: DemoRandom, { name }: Persona, asked: PersonaQuestion): string {
  const { question, conversation, facts } = asked;
  conversation.languageCode = guessLanguage(question, conversation.languageCode) ?? conversation.languageCode;
  const wanted = asked.languageCode ?? conversation.languageCode ?? facts.propertyLanguage.split("-")[0];
  const code = spokenCode(wanted) ?? "en";
  const language = personaLanguage(code);
  const topicName = topicOf(personaLanguage(spokenCode(conversation.languageCode) ?? code), question);
  const topic = language.topics.find((candidate) => candidate.topic === topicName);
  if (!topic) throw new Error(`No answer about ${topicName} is known in the language ${code}.`);
  const before = conversation.answered.get(topic.topic) ?? 0;
  conversation.answered.set(topic.topic, before + 1);

  const isFirst = conversation.replies === 0;
  if (isFirst) conversation.firstAnswer = random.whole(0, 11);
  const answers = name === "brisk" ? topic.brief : topic.full;
  const answer = answers[(conversation.firstAnswer + before) % answers.length] ?? "";
  const { greetings, closings } = language.voices[name];
  const parts = isFirst ? [random.oneOf(greetings), answer, random.oneOf(closings)] : [answer];
  conversation.replies += 1;
  const text = filled(parts.filter(Boolean).join("\n\n"), facts);
  return name === "clumsy" && random.isSo(0.6) ? mistyped(random, text) : text;
}

/** What most of the guest's words speak for; of several, the one that comes first. */
function topicOf({ topics }: PersonaLanguage, question: string): string {
  if (question.length >= letterLength) return "letter";
  const counts = topics.map(({ topic, words }) => ({ topic, count: question.match(words)?.length ?? 0 }));
  const best = counts.reduce((found, each) => (each.count > found.count ? each : found));
  return best.count > 0 ? best.topic : manner(question);
}

/** The length, in characters, from which on a message is a letter. */
const letterLength = 2000;

/** The topic of a message without a word that speaks for one: it shows by how the message is written. */
function manner(question: string): string {
  if (!/\p{L}/u.test(question)) return "emoji";
  if (isShouted(question)) return "complaint";
  return /[?؟]/.test(question) ? "question" : "other";
}

function isShouted(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  const capitals = letters.filter((letter) => /\p{Lu}/u.test(letter));
  return /[!?]{3}/.test(text) || (letters.length > 10 && capitals.length > letters.length * 0.7);
}

function filled(text: string, facts: ConversationFacts): string {
  const { guest, property, me } = facts;
  const values: Readonly<Record<string, string>> = { guest, property, me };
  // At a property without people, `me` is the property itself, which signs once.
  const signed = me === property ? text.replace("{me}\n{property}", "{property}") : text;
  return signed.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}

/** Swaps two letters of a longer word and repeats the word correctly at the end, as people do who type too fast. */
function mistyped(random: DemoRandom, text: string): string {
  const words = [...text.matchAll(/\p{L}+/gu)].filter(([word]) => /^\p{Ll}{6,}$/u.test(word));
  if (words.length === 0) return text;
  const { 0: word, index } = random.oneOf(words);
  const place = random.whole(1, word.length - 3);
  const swapped = word.slice(0, place) + word.charAt(place + 1) + word.charAt(place) + word.slice(place + 2);
  if (swapped === word) return text;
  return `${text.slice(0, index)}${swapped}${text.slice(index + word.length)}\n\n*${word}`;
}
