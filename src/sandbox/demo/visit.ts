import { dataFile } from "../data/data-file.ts";
import { NotesData } from "../data/data-schema.ts";
import type { DemoLanguage, DemoLine, DemoScript } from "./demo-language.ts";
import type { DemoRandom } from "./demo-random.ts";
import type { DemoPerson } from "./demo-staff.ts";

/** Something that happens in a conversation; `by` and `to` are the ids of people. */
export type DemoAction =
  | { readonly kind: "guest"; readonly text: string }
  | { readonly kind: "reply"; readonly by: string; readonly text: string }
  | { readonly kind: "note"; readonly by: string; readonly text: string }
  | { readonly kind: "assign"; readonly by: string; readonly to: string }
  | { readonly kind: "resolve"; readonly by: string }
  | { readonly kind: "reopen"; readonly by: string };

/** An action, with its placeholders, and how many minutes it comes after the one before. */
export interface DemoBeat {
  readonly after: number;
  readonly action: DemoAction;
}

/** How a conversation stands: the guest waits, or has been answered, or all is done. */
export type DemoEnd = "awaiting" | "answered" | "resolved";

export interface DemoVisit {
  readonly language: DemoLanguage;
  readonly script: DemoScript;
  /** The people at the desk. */
  readonly people: readonly DemoPerson[];
  readonly end: DemoEnd;
  /** Whether the desk has had the time to look at it. */
  readonly isSeen: boolean;
}

/** What colleagues write to each other. */
const demoNotes = dataFile("notes.yaml", NotesData, (data) => data);

/** Texts shorter than this are sent without a greeting, as people do who ask for a password. */
const briefLength = 32;

/** Topics about which neither the guest nor the desk writes a cheerful word. */
const annoying: ReadonlySet<string> = new Set(["aircon", "noise", "works", "charge"]);

/** Plays one script: who says what, and what the desk does about it. */
export function demoVisit(random: DemoRandom, visit: DemoVisit): DemoBeat[] {
  const { language, script, people, end } = visit;
  const keeper = random.oneOf(people).id;
  const anyone = () => (random.isSo(0.8) ? keeper : random.oneOf(people).id);
  const lines = said(random, script.lines, end);
  const beats: DemoBeat[] = lines.map(({ isGuest, text }, index) => {
    const isFirst = lines.findIndex((line) => line.isGuest === isGuest) === index;
    if (!isGuest) {
      const reply = isFirst
        ? greeted(random, language.desk.greetings, text, language.desk.closings)
        : capitalized(text);
      return { after: replyMinutes(random), action: { kind: "reply", by: anyone(), text: reply } };
    }
    const regards = annoying.has(script.topic) ? [""] : language.guest.closings;
    const message = isFirst ? greeted(random, language.guest.greetings, text, regards) : text;
    return { after: guestMinutes(random, lines[index - 1]), action: { kind: "guest", text: message } };
  });
  const firstReply = lines.findIndex(({ isGuest }) => !isGuest);
  const handling = visit.isSeen ? handled(random, visit, keeper) : [];
  beats.splice(firstReply < 0 ? beats.length : firstReply, 0, ...handling);
  if (end === "resolved") beats.push(...closed(random, visit, lines, keeper));
  return beats;
}

/** The desk reopens a resolved conversation without a message of the guest. */
export function demoSecondThought(random: DemoRandom, people: readonly DemoPerson[]): DemoBeat[] {
  const by = random.oneOf(people).id;
  return [
    { after: minutes(random, 15, 300), action: { kind: "reopen", by } },
    { after: minutes(random, 0.5, 2), action: { kind: "note", by, text: random.oneOf(demoNotes().reopening) } },
    { after: minutes(random, 60, 700), action: { kind: "resolve", by } },
  ];
}

/** As much of a script as has been said by now. */
function said(random: DemoRandom, lines: readonly DemoLine[], end: DemoEnd): readonly DemoLine[] {
  if (end === "resolved") return lines;
  const stops = lines.flatMap(({ isGuest }, index) => {
    const isStop =
      end === "awaiting"
        ? isGuest && !lines[index - 1]?.isGuest && lines.slice(index).some((line) => !line.isGuest)
        : !isGuest && lines[index + 1]?.isGuest !== false;
    return isStop ? [index + 1] : [];
  });
  const isAtFirst = end === "awaiting" && random.isSo(0.7);
  return lines.slice(0, isAtFirst ? stops[0] : random.oneOf(stops));
}

function handled(random: DemoRandom, { script, people, end }: DemoVisit, keeper: string): DemoBeat[] {
  const beats: DemoBeat[] = [];
  if (random.isSo(end === "resolved" ? 0.35 : 0.6)) {
    const by = random.oneOf(people).id;
    beats.push({ after: minutes(random, 0.5, 2), action: { kind: "assign", by, to: keeper } });
  }
  const notes = demoNotes().byTopic[script.topic];
  if (notes && random.isSo(0.3)) {
    const text = random.oneOf(notes);
    beats.push({ after: minutes(random, 0.5, 3), action: { kind: "note", by: random.oneOf(people).id, text } });
  }
  return beats;
}

function closed(
  random: DemoRandom,
  { language, script: { topic } }: DemoVisit,
  lines: readonly DemoLine[],
  by: string,
): DemoBeat[] {
  const beats: DemoBeat[] = [];
  let isGuestLast = lines.at(-1)?.isGuest ?? false;
  if (!isGuestLast && random.isSo(annoying.has(topic) ? 0 : 0.55)) {
    beats.push({ after: minutes(random, 1, 50), action: { kind: "guest", text: random.oneOf(language.guest.thanks) } });
    isGuestLast = true;
  }
  if (isGuestLast && !annoying.has(topic) && random.isSo(0.5)) {
    const text = random.oneOf(language.desk.welcome);
    beats.push({ after: minutes(random, 1, 15), action: { kind: "reply", by, text } });
  }
  return [...beats, { after: minutes(random, 0.3, 45), action: { kind: "resolve", by } }];
}

function greeted(random: DemoRandom, hello: readonly string[], text: string, end: readonly string[]): string {
  if (text.length < briefLength) return capitalized(text);
  const greeting = random.oneOf(hello);
  const farewell = random.oneOf(end);
  const begin = /[,،:]$/.test(greeting) ? text : capitalized(text);
  const gap = text.includes("\n") || random.isSo(0.5) ? "\n\n" : "\n";
  return [greeting && greeting + gap, begin, farewell && `\n\n${farewell}`].join("");
}

function capitalized(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

function replyMinutes(random: DemoRandom): number {
  return random.isSo(0.2) ? minutes(random, 20, 75) : minutes(random, 2, 18);
}

function guestMinutes(random: DemoRandom, before: DemoLine | undefined): number {
  if (!before) return 0;
  if (before.isGuest) return minutes(random, 0.5, 4);
  return random.isSo(0.15) ? minutes(random, 120, 540) : minutes(random, 1, 60);
}

function minutes(random: DemoRandom, from: number, to: number): number {
  return from + random.unit() * (to - from);
}
