import type { Microseconds } from "../../core/clock.ts";
import { invalid } from "../../core/problem.ts";
import { secondOf } from "../../protocol/date-time.ts";
import type { SearchedState, SearchField, SearchQuery, SearchTerm } from "../../store/search/terms.ts";
import { typedWords } from "../../store/search/words.ts";

/** How many words and phrases are looked for. A pasted letter is found by its beginning. */
const maxTerms = 16;

/** One part of a query: a web address, or a word or quoted phrase with the name of a filter before it or without. */
const part = /[a-z]+:\/\/\S*|(?:([a-z]+):)?(?:"([^"]*)("?)|(\S+))/gi;

/** A filter whose value is yet to be typed. */
const begunFilter = /^(?:is|from|subject|before|after):$/i;

const states: readonly SearchedState[] = ["open", "resolved", "awaiting", "mine", "unassigned"];

const fields: Readonly<Record<string, SearchField>> = { from: "sender", subject: "subject" };

/** A word or phrase, and whether its end may be yet to be typed. */
interface Typed {
  readonly text: string;
  readonly isUnfinished: boolean;
}

/**
 * Reads a query. A filter without a value is left out, since it is still being typed.
 * @throws Problem (invalid) for an unknown filter or state, and for what is no day
 */
export function parseSearch(text: string): SearchQuery {
  const terms: SearchTerm[] = [];
  const wanted = new Set<SearchedState>();
  let from: Microseconds = 0;
  let to: Microseconds = Number.MAX_SAFE_INTEGER;
  const look = (field: SearchField, { text, isUnfinished }: Typed) => {
    const words = typedWords(text, isUnfinished);
    if (words && terms.length < maxTerms) terms.push({ field, ...words });
  };

  for (const { 0: whole, 1: name, 2: quoted, 3: closing, 4: bare = whole, index } of text.matchAll(part)) {
    const isLast = index + whole.length === text.length;
    const typed = { text: quoted ?? bare, isUnfinished: isLast && closing !== '"' };
    const filter = name?.toLowerCase();
    if (filter === undefined) {
      if (!begunFilter.test(whole)) look("any", typed);
      continue;
    }
    const field = fields[filter];
    if (field) look(field, typed);
    else if (filter === "is") wanted.add(stateOf(typed.text));
    else if (filter === "after") from = Math.max(from, dayOf(filter, typed.text));
    else if (filter === "before") to = Math.min(to, dayOf(filter, typed.text));
    else throw invalid(`Query has the filter "${filter}:", which is not known. Put it in quotes to look for the word.`);
  }
  return { terms, states: [...wanted], from, to };
}

function stateOf(text: string): SearchedState {
  const state = states.find((each) => each === text.toLowerCase());
  if (state) return state;
  throw invalid(`Query must have one of open, resolved, awaiting, mine and unassigned after "is:".`);
}

/** When a day begins in UTC. */
function dayOf(filter: string, text: string): Microseconds {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? secondOf(`${text}T00:00:00Z`) : undefined;
  if (day !== undefined) return Math.max(0, day);
  throw invalid(`Query must have a day such as 2026-03-01 after "${filter}:".`);
}
