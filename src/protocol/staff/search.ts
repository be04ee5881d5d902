import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { optional, text, uuids } from "../values.ts";
import { InboxThread } from "./inbox.ts";
import type { ThreadItem } from "./threads.ts";

export const SearchResult = Type.Object(
  {
    Thread: InboxThread,
    Item: Type.Unsafe<ThreadItem | null>({
      description: "The message that matches; null when the thread itself does.",
    }),
    Excerpt: Type.Array(Type.Object({ Text: Type.String(), IsMatch: Type.Boolean() }), {
      description: "The words around the match, in parts.",
    }),
  },
  { $id: "SearchResult" },
);
export type SearchResult = Type.Static<typeof SearchResult>;

export const searchThreads = describeOperation({
  resource: "threads",
  action: "search",
  summary: "Search",
  description:
    "Threads whose sender, subject or messages have all the words, newest first. Filters: is:open, is:resolved, " +
    "is:awaiting, is:mine, is:unassigned, from:, subject:, before: and after: a day such as 2026-03-01, and " +
    '"words in a row". The last word may be unfinished.',
  input: Type.Object({
    Query: text(500, { description: "What to look for." }),
    EnterpriseIds: optional(uuids("Only these properties. Default: all that the caller may see.")),
    Count: Type.Integer({ minimum: 1, maximum: 50 }),
  }),
  output: Type.Object({
    Results: Type.Array(SearchResult),
    IsComplete: Type.Boolean({ description: "Whether all of history was looked through within the time." }),
  }),
  example: {
    request: { Query: "late is:open from:penelope before:2026-03-01", Count: 20 },
    answer: { Results: [], IsComplete: true },
  },
});
