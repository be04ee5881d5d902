import { days, hours, type Microseconds, minutes } from "../../core/clock.ts";
import { type DemoLanguage, type DemoScript, demoLanguage } from "./demo-language.ts";
import { type DemoRandom, dealer, demoRandom } from "./demo-random.ts";
import type { DemoPerson } from "./demo-staff.ts";
import { type DemoFacts, demoFacts, filled, placeOf } from "./facts.ts";
import { type DemoAction, type DemoBeat, type DemoEnd, demoSecondThought, demoVisit } from "./visit.ts";

export interface DemoPlan {
  readonly seed: number;
  /** Everything happens from this time on and before `to`, which is at least a few days later. */
  readonly from: Microseconds;
  readonly to: Microseconds;
  readonly enterprises: readonly { readonly id: string; readonly name: string }[];
  readonly people: readonly DemoPerson[];
}

/** An invented thread, and everything that happened in it. */
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
const shares = { en: 66, de: 40, fr: 28, cs: 26, es: 24, it: 24, nl: 24, hu: 22, pl: 16, pt: 10, ja: 8, ar: 8, uk: 6 };

/** The languages of guests who wait right now, in turn at each property, and for how many minutes. */
const waiting: readonly (readonly [code: string, minutes: number])[] = [
  ["hu", 16],
  ["cs", 4],
  ["nl", 33],
  ["en", 2],
  ["de", 47],
  ["fr", 11],
  ["ar", 65],
  ["en", 178],
  ["de", 7],
  ["es", 92],
  ["it", 24],
  ["en", 130],
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
/** All three properties are an hour ahead of UTC. In summer the busy hours come an hour late, which does no harm. */
const offset = hour;

/** Makes the demo world's conversations, the oldest first: the same ones for the same plan. */
export function demoConversations(plan: DemoPlan): DemoConversation[] {
  const { enterprises } = plan;
  const random = demoRandom(plan.seed);
  const cast = { random, newGuest: guests(random), nextScript: scripts(random) };
  const nextLanguage = dealer(
    random,
    Object.entries(shares).flatMap(([code, threads]) => Array.from({ length: threads }, () => demoLanguage(code))),
  );
  const conversations: DemoConversation[] = [];
  for (const [index, [code, waited]] of waiting.entries()) {
    const enterprise = enterprises[index % enterprises.length] ?? random.oneOf(enterprises);
    const wanted = { end: "awaiting", language: demoLanguage(code), enterprise, waited } as const;
    conversations.push(newConversation(plan, cast, conversations, wanted));
  }
  for (let index = 0; index < answered + resolved; index += 1) {
    const language = nextLanguage();
    const home = enterprises.find(({ name }) => placeOf(name).language === language.code);
    const enterprise = home && random.isSo(0.6) ? home : random.oneOf(enterprises);
    const wanted = { end: index < answered ? "answered" : "resolved", language, enterprise, waited: 0 } as const;
    conversations.push(newConversation(plan, cast, conversations, wanted));
  }
  return conversations.sort((a, b) => a.opened - b.opened);
}

/** What all conversations of a plan draw from, so that they do not repeat each other. */
interface Cast {
  readonly random: DemoRandom;
  readonly newGuest: (language: DemoLanguage) => string;
  readonly nextScript: (language: DemoLanguage, isFit: (script: DemoScript) => boolean) => DemoScript;
}

interface Wanted {
  readonly end: DemoEnd;
  readonly language: DemoLanguage;
  readonly enterprise: DemoPlan["enterprises"][number];
  /** For how many minutes the guest has been waiting, if so. */
  readonly waited: number;
}

function newConversation(
  plan: DemoPlan,
  { random, newGuest, nextScript }: Cast,
  others: readonly DemoConversation[],
  { end, language, enterprise, waited }: Wanted,
): DemoConversation {
  const index = others.length;
  const people = plan.people.filter(({ enterpriseIds }) => enterpriseIds[0] === enterprise.id);
  const isBack = index % 14 === 7;
  const script = nextScript(language, ({ topic }) => {
    // A guest who can't sleep writes at night, which is not when a guest writes who waits now or was here before.
    if (topic === "noise" && (end === "awaiting" || isBack)) return false;
    // Those who wait are seen together in the inbox, so each of them writes about something else.
    return end !== "awaiting" || (topic !== "praise" && others.every((other) => other.topic !== topic));
  });
  // Some guests had something else settled before they wrote this.
  const before = isBack ? nextScript(language, ({ topic }) => topic !== "noise" && topic !== script.topic) : undefined;

  const visit = { language, people, isSeen: end !== "awaiting" || waited > 10 };
  const beats = before ? demoVisit(random, { ...visit, script: before, end: "resolved", isSeen: true }) : [];
  const pause = before ? random.whole(150, 2500) : 0;
  const [first, ...rest] = demoVisit(random, { ...visit, script, end });
  if (first) beats.push({ ...first, after: pause }, ...rest);
  if (end === "resolved" && index % 60 === 40) beats.push(...demoSecondThought(random, people));

  const start = startOf(random, plan, end, beats, script.topic === "noise" ? noisyHours : busyHours, waited);
  const guest = newGuest(language);
  const facts = demoFacts(random, enterprise.name, guest, language.code, start);
  const steps = stepsOf(beats, start, index, facts, plan.people);
  const { topic, subjects } = before ?? script;
  return {
    enterpriseId: enterprise.id,
    client: random.isSo(0.7) ? 0 : 1,
    languageCode: language.code,
    topic,
    originalSender: guest,
    subject: filled(random.oneOf(subjects), facts),
    opened: (steps[0]?.at ?? start) - 1000,
    steps,
  };
}

/** Gives each guest a name that no other guest has. */
function guests(random: DemoRandom): Cast["newGuest"] {
  const taken = new Set<string>();
  const newName = ({ people, isFamilyNameFirst }: DemoLanguage) => {
    const names = random.oneOf(people);
    const given = random.oneOf(names.given);
    const family = random.oneOf(names.family);
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
function scripts(random: DemoRandom): Cast["nextScript"] {
  const dealers = new Map<DemoLanguage, () => DemoScript>();
  return (language, isFit) => {
    const next = dealers.get(language) ?? dealer(random, language.scripts);
    dealers.set(language, next);
    let script = next();
    while (!isFit(script)) script = next();
    return script;
  };
}

/** The time of the first beat, chosen so that the last one comes when it must. */
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

/** Times are whole milliseconds plus the thread's index in microseconds, so that no two things happen at one time. */
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
