import { fromMilliseconds, type Microseconds } from "../../core/clock.ts";
import { duration } from "../../core/duration.ts";
import { invalid } from "../../core/problem.ts";
import type { Autopilot } from "../../protocol/sandbox/autopilot.ts";
import { type DemoRandom, demoRandom } from "../demo/demo-random.ts";
import type { ConversationFacts } from "./attendant.ts";
import { personaLanguageCodes, spokenCode } from "./persona-language.ts";
import { type ConversationSoFar, type Persona, personaReply, personas } from "./personas.ts";

/** The place of a guest's message, so that the same conversation has the same turns. Both numbers count from 0. */
export interface Turn {
  readonly thread: number;
  readonly message: number;
}

/** What there is to answer. */
export interface Question {
  readonly turn: Turn;
  readonly question: string;
  readonly conversation: ConversationSoFar;
  /** How many lines of a script were said in this thread. */
  readonly linesSaid: number;
  readonly facts: ConversationFacts;
}

/** @throws Problem (invalid) naming the first field that can't be so */
export function checkAutopilot({ Mode, Replies, Persona: name, LanguageCode }: Autopilot): void {
  if (Mode === "Script" && !Replies) throw invalid("Replies is required with the Mode Script.");
  if (name && !personas.some((persona) => persona.name === name)) {
    throw invalid(`Persona must be one of ${personas.map((persona) => persona.name).join(", ")}.`);
  }
  if (LanguageCode && !spokenCode(baseLanguage(LanguageCode))) {
    throw invalid(`LanguageCode must be one of ${personaLanguageCodes.join(", ")}.`);
  }
}

/** Random numbers that depend on the seed and the place of the message alone. */
export function turnRandom({ Seed }: Autopilot, { thread, message }: Turn): DemoRandom {
  return demoRandom(Math.imul(Math.imul((Seed ?? 1) + 1, 0x9e3779b1) ^ (thread + 1), 0x85ebca6b) ^ (message + 1));
}

/** How long the answer takes, in the time of the world. */
export function delayOf({ Pace, Delay }: Autopilot, random: DemoRandom): Microseconds {
  if (Delay) return fromMilliseconds(duration(Delay));
  const [from, to] = paces[Pace ?? "Normal"];
  return fromMilliseconds(random.whole(from, to));
}

/** From and to, in milliseconds. */
const paces = { Slow: [120_000, 600_000], Normal: [3000, 15_000], Impatient: [0, 0] } as const;

/** What is answered; nothing once a script is over. */
export function wordingOf(autopilot: Autopilot, asked: Question): string | undefined {
  const { turn, question, conversation, linesSaid, facts } = asked;
  switch (autopilot.Mode) {
    case "Off":
      return undefined;
    case "Echo":
      return question;
    case "Script":
      return autopilot.Replies?.[linesSaid];
    case "Persona": {
      const random = turnRandom(autopilot, turn);
      // The first number has decided the delay, on which the words must not depend.
      random.unit();
      const languageCode = autopilot.LanguageCode ? baseLanguage(autopilot.LanguageCode) : undefined;
      return personaReply(random, personaOf(autopilot, turn), { question, conversation, facts, languageCode });
    }
  }
}

/** The persona that was asked for, or else the one whose turn it is. */
function personaOf({ Persona: name }: Autopilot, { thread }: Turn): Persona {
  const persona = personas.find((candidate) => candidate.name === name) ?? personas[thread % personas.length];
  if (!persona) throw new Error("There is no persona.");
  return persona;
}

/** `de` of `de-AT`. */
function baseLanguage(code: string): string {
  return code.toLowerCase().split("-")[0] ?? "";
}
