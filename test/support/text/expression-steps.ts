import assert from "node:assert/strict";
import { type ExpressionProgram, type Instruction, programOf } from "./expression-program.ts";

/** Counts steps. @throws when there were too many */
export type CountSteps = (steps: number) => void;

type Exec = (this: RegExp, text: string) => RegExpExecArray | null;

const programs = new Map<string, ExpressionProgram>();

/**
 * `RegExp.prototype.exec` that does what the engine does one instruction at a time, so that they are counted. What it
 * finds is compared with what the engine's own, `exec`, finds.
 */
export function countedExec(exec: Exec, countSteps: CountSteps): Exec {
  return function (text) {
    const subject = String(text);
    const key = `/${this.source}/${this.flags}`;
    let program = programs.get(key);
    if (!program) {
      program = programOf(this);
      programs.set(key, program);
    }
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const counted = firstMatch(program, subject, from, this.sticky, countSteps);
    const found = exec.call(this, subject);
    const isSame = counted?.[0] === found?.index && (!counted || counted[1] === counted[0] + (found?.[0].length ?? 0));
    assert.ok(isSame, `${key} finds the same as the engine`);
    return found;
  };
}

function firstMatch(
  program: ExpressionProgram,
  text: string,
  from: number,
  isSticky: boolean,
  countSteps: CountSteps,
): readonly [start: number, end: number] | null {
  for (let start = from; start <= text.length; start += 1) {
    if (program.isUnicode && isWithinCharacter(text, start)) continue;
    const end = matchAt(program, program.instructions, text, start, countSteps);
    if (end !== undefined) return [start, end];
    if (isSticky) break;
  }
  return null;
}

/** A way that is left to be tried, with what was known when it was left. */
interface Way {
  readonly place: number;
  readonly at: number;
  readonly rounds: readonly number[];
}

/** The end of the match that begins at `start`. */
function matchAt(
  { loops, isMultiline, isUnicode }: ExpressionProgram,
  program: readonly Instruction[],
  text: string,
  start: number,
  countSteps: CountSteps,
): number | undefined {
  const ways: Way[] = [{ place: 0, at: start, rounds: new Array(loops).fill(-1) }];
  for (let way = ways.pop(); way; way = ways.pop()) {
    let { place, at, rounds } = way;
    walk: for (;;) {
      countSteps(1);
      const instruction = program[place];
      place += 1;
      switch (instruction?.kind) {
        case "character": {
          const character = characterAt(text, at, isUnicode, instruction.isBackward);
          if (character === "" || !instruction.fits(character)) break walk;
          at += instruction.isBackward ? -character.length : character.length;
          break;
        }
        case "split":
          ways.push({ place: instruction.second, at, rounds });
          place = instruction.first;
          break;
        case "jump":
          place = instruction.to;
          break;
        case "round":
          rounds = rounds.with(instruction.loop, at);
          break;
        case "progress":
          if (rounds[instruction.loop] === at) break walk;
          break;
        case "start":
          if (at > 0 && !(isMultiline && isLineEnd(text.charAt(at - 1)))) break walk;
          break;
        case "end":
          if (at < text.length && !(isMultiline && isLineEnd(text.charAt(at)))) break walk;
          break;
        case "boundary":
          if ((isWord(text.charAt(at - 1)) !== isWord(text.charAt(at))) === instruction.isNegated) break walk;
          break;
        case "look": {
          const parts = { instructions: program, loops, isMultiline, isUnicode };
          const isFound = matchAt(parts, instruction.program, text, at, countSteps) !== undefined;
          if (isFound === instruction.isNegated) break walk;
          break;
        }
        case "match":
          return at;
        default:
      }
    }
  }
  return undefined;
}

function characterAt(text: string, at: number, isUnicode: boolean, isBackward: boolean): string {
  if (!isBackward) {
    const point = isUnicode ? text.codePointAt(at) : undefined;
    return point === undefined ? text.charAt(at) : String.fromCodePoint(point);
  }
  const isPair = isUnicode && at > 1 && isWithinCharacter(text, at - 1);
  return text.slice(Math.max(0, at - (isPair ? 2 : 1)), at);
}

function isWithinCharacter(text: string, at: number): boolean {
  const [before, behind] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return before >= 0xd800 && before < 0xdc00 && behind >= 0xdc00 && behind < 0xe000;
}

function isLineEnd(character: string): boolean {
  return character === "\n" || character === "\r" || character === "\u2028" || character === "\u2029";
}

function isWord(character: string): boolean {
  const code = character.charCodeAt(0);
  return (code > 47 && code < 58) || (code > 64 && code < 91) || (code > 96 && code < 123) || code === 95;
}
