import { days, hours, type Microseconds, minutes } from "../../core/clock.ts";
import { arabic } from "../data/demo/arabic.ts";
import { czech } from "../data/demo/czech.ts";
import { dutch } from "../data/demo/dutch.ts";
import { english } from "../data/demo/english.ts";
import { french } from "../data/demo/french.ts";
import { german } from "../data/demo/german.ts";
import { hungarian } from "../data/demo/hungarian.ts";
import { italian } from "../data/demo/italian.ts";
import { japanese } from "../data/demo/japanese.ts";
import { polish } from "../data/demo/polish.ts";
import { portuguese } from "../data/demo/portuguese.ts";
import { spanish } from "../data/demo/spanish.ts";
import { ukrainian } from "../data/demo/ukrainian.ts";
import type { DemoLanguage, DemoScript } from "./demo-language.ts";
import { type DemoRandom, dealer, demoRandom } from "./demo-random.ts";
import type { DemoPerson } from "./demo-staff.ts";
import { type DemoFacts, demoFacts, filled } from "./facts.ts";
import { type DemoAction, type DemoBeat, type DemoEnd, demoSecondThought, demoVisit } from "./visit.ts";

export interface DemoPlan {
  readonly seed: number;
  /** A few days after this at least: everything happens between the two. */
  readonly from: Microseconds;
  readonly to: Microseconds;
  readonly enterprises: readonly { readonly id: string; readonly name: string }[];
  readonly people: readonly DemoPerson[];
}

/** A made-up thread, and everything that happened in it. */
export interface DemoConversation {
  readonly enterpriseId: string;
  /** Which of `demoClientNames` the guest wrote through. */
  readonly client: number;
  readonly languageCode: string;
  readonly topic: string;
  readonly originalSender: string;
  readonly subject: string;
  readonly opened: Microseconds;
  /** In order, the guest's first message at the beginning. */
  readonly steps: readonly DemoStep[];
}

export type DemoStep = DemoAction & { readonly at: Microseconds };

/** The applications that guests write through. */
export const demoClientNames: readonly string[] = ["Guest app", "Booking channel"];

/** How many threads there are in each language. */
const shares: readonly (readonly [language: DemoLanguage, threads: number])[] = [
  [english, 66],
  [german, 40],
  [french, 28],
  [czech, 26],
  [spanish, 24],
  [italian, 24],
  [dutch, 24],
  [hungarian, 22],
  [polish, 16],
  [portuguese, 10],
  [japanese, 8],
  [arabic, 8],
  [ukrainian, 6],
];
const languages = shares.flatMap(([language, threads]) => Array.from({ length: threads }, () => language));
const homes: Readonly<Record<string, string>> = { hu: "Gross", cs: "Net", nl: "Third" };

/** Who waits right now, in turn at each property, and for how many minutes. */
const waiting: readonly (readonly [language: DemoLanguage, minutes: number])[] = [
  [hungarian, 16],
  [czech, 4],
  [dutch, 33],
  [english, 2],
  [german, 47],
  [french, 11],
  [arabic, 65],
  [english, 178],
  [german, 7],
  [spanish, 92],
  [italian, 24],
  [english, 130],
];
const answered = 23;
const resolved = 265;

/** How busy each hour of the local day is. */
const busyness = [3, 2, 1, 1, 1, 2, 4, 7, 8, 8, 7, 6, 6, 6, 7, 8, 10, 12, 14, 15, 14, 11, 8, 5];
const busyHours = busyness.flatMap((weight, hour) => Array.from({ length: weight }, () => hour));
const noisyHours = [22, 23, 23, 0, 0, 1];

const minute = minutes(1);
const hour = hours(1);
const day = days(1);
/** All three properties are in the same time zone; summer time moves the rhythm by an hour, which nobody sees. */
const offset = hour;

/** Makes the demo world's conversations, the oldest first: the same ones for the same plan. */
export function demoConversations(plan: DemoPlan): DemoConversation[] {
  const random = demoRandom(plan.seed);
  const newGuest = guests(random);
  const nextScript = scripts(random);
  const nextLanguage = dealer(random, languages);
  const conversations: DemoConversation[] = [];
  const isNew = ({ topic }: DemoScript) => conversations.every((other) => other.topic !== topic);

  const add = (end: DemoEnd, language: DemoLanguage, enterprise: Enterprise, wait = 0) => {
    const index = conversations.length;
    const people = plan.people.filter(({ enterpriseIds }) => enterpriseIds[0] === enterprise.id);
    const isBack = index % 14 === 7;
    // Those who wait are seen together, so each is about something else; and who can't sleep writes at night.
    const isFit = (some: DemoScript) => end !== "awaiting" || (isNew(some) && some.topic !== "praise");
    const isAnytime = ({ topic }: DemoScript) => topic !== "noise";
    const script = nextScript(language, (some) => isFit(some) && (isAnytime(some) || (end !== "awaiting" && !isBack)));
    const visit = { language, people, isSeen: end !== "awaiting" || wait > 10 };
    // Some had something else settled before they wrote this.
    const before = isBack ? nextScript(language, (some) => isAnytime(some) && some.topic !== script.topic) : undefined;
    const beats = before ? demoVisit(random, { ...visit, script: before, end: "resolved", isSeen: true }) : [];
    const pause = before ? random.whole(150, 2500) : 0;
    beats.push(
      ...demoVisit(random, { ...visit, script, end }).map((beat, place) =>
        place === 0 ? { ...beat, after: pause } : beat,
      ),
    );
    if (end === "resolved" && index % 60 === 40) beats.push(...demoSecondThought(random, people));

    const start = startOf(random, plan, end, beats, script.topic === "noise" ? noisyHours : busyHours, wait);
    const guest = newGuest(language);
    const facts = demoFacts(random, enterprise.name, guest, language.code, start);
    const steps = stepsOf(beats, start, index, facts, plan.people);
    conversations.push({
      enterpriseId: enterprise.id,
      client: random.isSo(0.7) ? 0 : 1,
      languageCode: language.code,
      topic: (before ?? script).topic,
      originalSender: guest,
      subject: filled(random.oneOf((before ?? script).subjects), facts),
      opened: (steps[0]?.at ?? start) - 1000,
      steps,
    });
  };

  for (const [index, [language, minutes]] of waiting.entries()) {
    add(
      "awaiting",
      language,
      plan.enterprises[index % plan.enterprises.length] ?? random.oneOf(plan.enterprises),
      minutes,
    );
  }
  for (let index = 0; index < answered + resolved; index += 1) {
    const language = nextLanguage();
    const home = plan.enterprises.find(({ name }) => name === homes[language.code]);
    const enterprise = home && random.isSo(0.6) ? home : random.oneOf(plan.enterprises);
    add(index < answered ? "answered" : "resolved", language, enterprise);
  }
  return conversations.sort((a, b) => a.opened - b.opened);
}

type Enterprise = DemoPlan["enterprises"][number];

/** Gives each guest a name that no other guest has. */
function guests(random: DemoRandom): (language: DemoLanguage) => string {
  const taken = new Set<string>();
  const newName = ({ people, isFamilyNameFirst }: DemoLanguage) => {
    const [given, family] = random.oneOf(people).map((names) => random.oneOf(names.split(" ")));
    return isFamilyNameFirst ? `${family} ${given}` : `${given} ${family}`;
  };
  return (language) => {
    let name = newName(language);
    while (taken.has(name)) name = newName(language);
    taken.add(name);
    return name;
  };
}

/** Deals the scripts of each language, so that none comes again before all others have. */
function scripts(random: DemoRandom) {
  const dealers = new Map(shares.map(([language]) => [language, dealer(random, language.scripts)]));
  return (language: DemoLanguage, isFit: (script: DemoScript) => boolean): DemoScript => {
    const next = dealers.get(language) ?? (() => random.oneOf(language.scripts));
    let script = next();
    while (!isFit(script)) script = next();
    return script;
  };
}

/** When the first beat is, so that the last one is when it must be. */
function startOf(
  random: DemoRandom,
  { from, to }: DemoPlan,
  end: DemoEnd,
  beats: readonly DemoBeat[],
  hours: readonly number[],
  wait: number,
): Microseconds {
  const lengthTo = (count: number) => beats.slice(0, count).reduce((sum, { after }) => sum + after * minute, 0);
  if (end === "awaiting") {
    return to - wait * minute - lengthTo(beats.findLastIndex(({ action }) => action.kind === "guest") + 1);
  }
  const earliest = end === "answered" ? Math.max(from, to - 4 * day) : from;
  const time = earliest + (to - earliest) * random.unit() ** 0.85;
  const local = random.oneOf(hours) * hour + random.unit() * hour;
  let start = time - ((time + offset) % day) + local;
  while (start + lengthTo(beats.length) > to - 10 * minute) start -= day;
  while (start < from) start += day;
  return start;
}

/** Each thread has whole milliseconds and its own few microseconds: no two things happen at the same time. */
function stepsOf(
  beats: readonly DemoBeat[],
  start: Microseconds,
  index: number,
  facts: DemoFacts,
  people: readonly DemoPerson[],
): DemoStep[] {
  let time = start;
  return beats.map(({ after, action }) => {
    time += after * minute;
    const at = Math.floor(time / 1000) * 1000 + index;
    if (!("text" in action)) return { ...action, at };
    const by = "by" in action ? people.find(({ id }) => id === action.by) : undefined;
    return { ...action, text: filled(action.text, facts, by?.name.split(" ")[0]), at };
  });
}
