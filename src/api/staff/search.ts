import type { InboxThread } from "../../protocol/staff/inbox.ts";
import { type SearchResult, searchThreads } from "../../protocol/staff/search.ts";
import { itemAnswer, threadAnswers } from "../../staff/answers.ts";
import { beginningOf, excerptOf } from "../../staff/search/excerpt.ts";
import { parseSearch } from "../../staff/search/query.ts";
import { narrowed, type StaffCaller } from "../../staff/sign-in/caller.ts";
import type { Reader } from "../../store/db.ts";
import { inboxRows } from "../../store/lists/inbox-threads.ts";
import type { PropertyScope } from "../../store/scope.ts";
import { type SearchHit, search } from "../../store/search/search.ts";
import { matchedItem } from "../../store/search/search-items.ts";
import { staffOperation } from "./staff-operation.ts";

export const searchAll = staffOperation(searchThreads, "read", async ({ searchTime }, { caller, scope, input, db }) => {
  const query = parseSearch(input.Query);
  const searchScope = narrowed(scope, input.EnterpriseIds);
  const { hits, words, isComplete } = await search(db, searchScope, caller.userId, query, input.Count, searchTime);
  const Results = await answersTo(db, caller, searchScope, hits, new Set(words.flat()));
  return { body: { Results, IsComplete: isComplete } };
});

async function answersTo(
  reader: Reader,
  caller: StaffCaller,
  scope: PropertyScope,
  hits: readonly SearchHit[],
  words: ReadonlySet<string>,
): Promise<SearchResult[]> {
  const ids = hits.map(({ messageThreadId }) => messageThreadId);
  const threads = await threadAnswers(reader, caller, await inboxRows(reader, scope, ids));
  const byId = new Map(threads.map((thread) => [`${thread.EnterpriseId} ${thread.Id}`, thread]));
  const results = await Promise.all(
    hits.map(async ({ enterpriseId, messageThreadId, match }) => {
      const thread = byId.get(`${enterpriseId} ${messageThreadId}`);
      if (!thread) return undefined;
      const row = match && (await matchedItem(reader, match));
      const item = row && itemAnswer(row);
      const excerpt = item?.Text ? excerptOf(item.Text, words) : undefined;
      if (item && excerpt) return { Thread: thread, Item: item, Excerpt: excerpt };
      return { Thread: thread, Item: null, Excerpt: excerptOfThread(thread, words) };
    }),
  );
  return results.filter((result) => result !== undefined);
}

/** For a thread that has no matching item: the words are in its subject or sender, or only filters were given. */
function excerptOfThread({ OriginalSender, Subject, LastWords }: InboxThread, words: ReadonlySet<string>) {
  return excerptOf(Subject, words) ?? excerptOf(OriginalSender, words) ?? beginningOf(LastWords ?? Subject);
}
