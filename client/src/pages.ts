import { type LimitedInterval, slicesOf } from "./slices.ts";
import type { Limitation, TimeInterval } from "./types.ts";

/** Awaited, it is one answer as on the wire; iterated, all items of all pages. Nothing is sent before that. */
export interface List<Answer, Item> extends Promise<Answer>, AsyncIterable<Item> {
  /** The answers that iterating goes through, those with items. */
  pages(): AsyncGenerator<Answer, void, undefined>;
}

/** One request of a list. */
export type Ask<Request, Answer> = (request: Request) => Promise<Answer>;

/** How many items are asked for at once when the caller does not say. */
const defaultCount = 1000;

export function listOf<Answer, Item>(
  ask: () => Promise<Answer>,
  pages: () => AsyncGenerator<Answer, void, undefined>,
  itemsOf: (answer: Answer) => readonly Item[],
): List<Answer, Item> {
  let asked: Promise<Answer> | undefined;
  const answer = () => {
    asked ??= ask();
    return asked;
  };
  return {
    // biome-ignore lint/suspicious/noThenProperty: awaiting it is one of its two uses.
    then: (fulfilled, rejected) => answer().then(fulfilled, rejected),
    catch: (rejected) => answer().catch(rejected),
    finally: (settled) => answer().finally(settled),
    [Symbol.toStringTag]: "List",
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* itemsOf(page);
    },
  };
}

export interface PagedList<Answer, Item> {
  readonly itemsOf: (answer: Answer) => readonly Item[];
  /** The answer with these items instead of its own. */
  readonly withItems: (answer: Answer, items: readonly Item[]) => Answer;
  readonly intervals: readonly LimitedInterval[];
}

export type PagedRequest = { readonly Limitation?: Limitation | null };
export type PagedAnswer = { readonly Cursor?: string | null };

/** All pages of a list that is newest first and has cursors; of one that knows no pages, its only answer. */
export async function* cursorPages<
  Request extends PagedRequest,
  Answer extends PagedAnswer,
  Item extends { readonly Id: string },
>(
  { itemsOf, withItems, intervals }: PagedList<Answer, Item>,
  request: Request,
  ask: Ask<Request, Answer>,
): AsyncGenerator<Answer, void, undefined> {
  const { Count = defaultCount, Cursor: start } = request.Limitation ?? {};
  for (const { isMoving, requests } of slicedRequests(request, intervals)) {
    const seen = new Set<string>();
    for (const slice of requests) {
      let cursor = start;
      do {
        const answer = await ask({ ...slice, Limitation: cursor ? { Count, Cursor: cursor } : { Count } });
        const items = itemsOf(answer);
        const fresh = isMoving ? items.filter(({ Id }) => !seen.has(Id)) : items;
        if (isMoving) for (const { Id } of fresh) seen.add(Id);
        if (fresh.length > 0) yield fresh.length < items.length ? withItems(answer, fresh) : answer;
        cursor = items.length > 0 ? answer.Cursor : undefined;
      } while (cursor);
    }
  }
}

/**
 * The requests that together ask for what one with long intervals asks for, newest first. Where items move to later
 * times, the oldest come first, since what moves meanwhile would otherwise pass by unseen; it may then come twice.
 */
function slicedRequests<Request>(request: Request, intervals: readonly LimitedInterval[]) {
  const split = (requests: readonly Request[], { property, months, isMoving }: LimitedInterval) =>
    requests.flatMap((one) => {
      const interval = (one as Readonly<Record<string, TimeInterval | null | undefined>>)[property];
      if (!interval) return [one];
      const slices = slicesOf(interval, months);
      return (isMoving ? slices.reverse() : slices).map((slice) => ({ ...one, [property]: slice }));
    });
  const still = intervals.filter(({ isMoving }) => !isMoving).reduce<readonly Request[]>(split, [request]);
  const moving = intervals.filter(({ isMoving }) => isMoving);
  return still.map((one) => {
    const requests = moving.reduce<readonly Request[]>(split, [one]);
    return { isMoving: requests.length > 1, requests };
  });
}

/** All pages of the feed, oldest first, up to where nothing has happened yet. */
export async function* positionPages<
  Request extends { readonly After?: string | null; readonly Limitation?: { readonly Count: number } | null },
  Answer extends { readonly Events: readonly unknown[]; readonly Position: string },
>(request: Request, ask: Ask<Request, Answer>): AsyncGenerator<Answer, void, undefined> {
  let answer = await ask(request);
  while (answer.Events?.length > 0) {
    yield answer;
    answer = await ask({ ...request, After: answer.Position });
  }
}
