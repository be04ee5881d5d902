import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../server/process.ts";

/** A fenced block of a page, without what it is indented by. */
export interface Block {
  readonly page: string;
  /** Of its first line, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** What the comments before it say of it, as in `<!-- prints: Bot: -->`. */
  readonly notes: ReadonlyMap<Note, string>;
}

/**
 * - `stays`: goes on running until the page ends; it is ready when it has printed the text
 * - `stops`: what still runs is stopped first
 * - `prints`: this text appears, of the block itself or of what still runs
 * - `fails`: its last command must not succeed, and why
 * - `elsewhere`: can't run here, and why
 * - `run`: a piece of a program, which is run where its last piece is
 */
const knownNotes = ["stays", "stops", "prints", "fails", "elsewhere", "run"] as const;
export type Note = (typeof knownNotes)[number];

const fence = /^( *)```(\w+)\s*$/;
const comment = /^ *<!-- ([a-z]+)(?:: (.*))? -->$/;

/** Every fenced block of a page that has a language. @throws Error for a comment that is unknown */
export function blocksOf(page: string): readonly Block[] {
  const lines = readFileSync(join(projectFolder, page), "utf8").split("\n");
  const blocks: Block[] = [];
  let notes = new Map<Note, string>();
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const [, indent = "", language] = fence.exec(line) ?? [];
    if (language === undefined) {
      notes = withNote(notes, line, `${page}:${index + 1}`);
      continue;
    }
    const end = lines.indexOf(`${indent}\`\`\``, index + 1);
    if (end < 0) throw new Error(`${page}:${index + 1} begins a block without an end.`);
    const text = lines.slice(index + 1, end).map((each) => each.slice(indent.length));
    blocks.push({ page, line: index + 2, language, text: `${text.join("\n")}\n`, notes });
    notes = new Map();
    index = end;
  }
  return blocks;
}

/** Comments hold for the block that follows them, with nothing but white space and other comments in between. */
function withNote(notes: Map<Note, string>, line: string, place: string): Map<Note, string> {
  if (line.trim() === "") return notes;
  const [, name, value = ""] = comment.exec(line) ?? [];
  if (name === undefined) return new Map();
  const known = knownNotes.find((each) => each === name);
  if (!known) throw new Error(`${place}: <!-- ${name} --> is none of ${knownNotes.join(", ")}.`);
  return new Map([...notes, [known, value]]);
}

/** The name of the file that a block is to be saved as, which its first line says, as in `// bot.ts`. */
export function fileNameOf({ text }: Pick<Block, "text">): string | undefined {
  return /^(?:\/\/|#) ([\w./-]+\.[a-z]{2,4})\n/.exec(text)?.[1];
}

/** Where a block is, and how it begins. */
export function placeOf({ page, line, text }: Block): string {
  return `${page}:${line}: ${text.split("\n")[0]}`;
}
