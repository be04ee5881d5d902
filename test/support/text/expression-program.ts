import { type AST, RegExpParser } from "@eslint-community/regexpp";

/** One instruction of a backtracking matcher, which tries its ways in the order in which browsers and Node try them. */
export type Instruction =
  | { readonly kind: "character"; readonly fits: (character: string) => boolean; readonly isBackward: boolean }
  | { readonly kind: "split"; first: number; second: number }
  | { readonly kind: "jump"; to: number }
  /** The beginning of a round of a loop, and its end, which a round that has read nothing does not pass. */
  | { readonly kind: "round" | "progress"; readonly loop: number }
  | { readonly kind: "start" | "end" }
  | { readonly kind: "boundary"; readonly isNegated: boolean }
  | { readonly kind: "look"; readonly isNegated: boolean; readonly program: readonly Instruction[] }
  | { readonly kind: "match" };

export interface ExpressionProgram {
  readonly instructions: readonly Instruction[];
  readonly loops: number;
  readonly isMultiline: boolean;
  /** Whether a character is a code point. */
  readonly isUnicode: boolean;
}

const parser = new RegExpParser();

/** Compiles a regular expression; one with a reference back is refused, since Innbox has none. */
export function programOf({ source, flags }: RegExp): ExpressionProgram {
  const unicodeSets = flags.includes("v");
  const unicode = flags.includes("u");
  const pattern = unicodeSets
    ? parser.parsePattern(source, 0, source.length, { unicodeSets })
    : parser.parsePattern(source, 0, source.length, { unicode });
  const count = { loops: 0 };
  const instructions = instructionsOf(pattern.alternatives, flags.replace(/[gym]/g, ""), count, false);
  const isMultiline = flags.includes("m");
  return { instructions, ...count, isMultiline, isUnicode: unicode || unicodeSets };
}

/** The program of one expression, or of one look around in it, while it is made. */
interface Making {
  readonly program: Instruction[];
  readonly flags: string;
  /** Shared by all programs of one expression. */
  readonly count: { loops: number };
  /** Reads backwards, as a look behind does. */
  readonly isBackward: boolean;
}

type Split = Extract<Instruction, { kind: "split" }>;

function instructionsOf(
  alternatives: readonly AST.Alternative[],
  flags: string,
  count: { loops: number },
  isBackward: boolean,
): Instruction[] {
  const making: Making = { program: [], flags, count, isBackward };
  addAlternatives(making, alternatives);
  making.program.push({ kind: "match" });
  return making.program;
}

function addAlternatives(making: Making, all: readonly AST.Alternative[]): void {
  const { program, isBackward } = making;
  const jumps: { kind: "jump"; to: number }[] = [];
  for (const [index, { elements }] of all.entries()) {
    const isLast = index === all.length - 1;
    const split: Split = { kind: "split", first: program.length + 1, second: -1 };
    if (!isLast) program.push(split);
    for (const element of isBackward ? elements.toReversed() : elements) addElement(making, element);
    if (isLast) break;
    const jump = { kind: "jump" as const, to: -1 };
    jumps.push(jump);
    program.push(jump);
    split.second = program.length;
  }
  for (const jump of jumps) jump.to = program.length;
}

function addElement(making: Making, element: AST.Element): void {
  const { program, flags, isBackward } = making;
  switch (element.type) {
    case "Quantifier":
      addQuantifier(making, element);
      break;
    // How a group is found counts, and not where.
    case "Group":
    case "CapturingGroup":
      addAlternatives(making, element.alternatives);
      break;
    case "Assertion":
      program.push(assertionOf(making, element));
      break;
    case "Character":
    case "CharacterSet":
    case "CharacterClass":
    case "ExpressionCharacterClass":
      program.push({ kind: "character", fits: testOf(element.raw, flags), isBackward });
      break;
    default:
      throw new Error(`No steps are counted for ${element.raw}.`);
  }
}

function addQuantifier(making: Making, { element, min, max, greedy }: AST.Quantifier): void {
  const { program, count } = making;
  for (let round = 0; round < min; round += 1) addElement(making, element);
  const exits: Split[] = [];
  const addChoice = () => {
    const split: Split = { kind: "split", first: program.length + 1, second: program.length + 1 };
    exits.push(split);
    program.push(split);
  };
  if (max === Number.POSITIVE_INFINITY) {
    const loop = count.loops;
    count.loops += 1;
    const start = program.length;
    addChoice();
    program.push({ kind: "round", loop });
    addElement(making, element);
    program.push({ kind: "progress", loop }, { kind: "jump", to: start });
  } else {
    for (let round = min; round < max; round += 1) {
      addChoice();
      addElement(making, element);
    }
  }
  for (const exit of exits) {
    if (greedy) exit.second = program.length;
    else exit.first = program.length;
  }
}

function assertionOf({ flags, count }: Making, assertion: AST.Assertion): Instruction {
  switch (assertion.kind) {
    case "start":
    case "end":
      return { kind: assertion.kind };
    case "word":
      return { kind: "boundary", isNegated: assertion.negate };
    default: {
      const isBehind = assertion.kind === "lookbehind";
      const looked = instructionsOf(assertion.alternatives, flags, count, isBehind);
      return { kind: "look", isNegated: assertion.negate, program: looked };
    }
  }
}

/** Asks the engine itself, once for each character, whether it fits a class. */
function testOf(raw: string, flags: string): (character: string) => boolean {
  const expression = new RegExp(`^(?:${raw})$`, flags);
  const known = new Map<string, boolean>();
  const { exec } = expression;
  return (character) => {
    let fits = known.get(character);
    if (fits === undefined) {
      fits = exec.call(expression, character) !== null;
      known.set(character, fits);
    }
    return fits;
  };
}
