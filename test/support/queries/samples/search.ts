import type { queries as search } from "../../../../src/store/search/search.ts";
import type { queries as index } from "../../../../src/store/search/search-index.ts";
import type { queries as items } from "../../../../src/store/search/search-items.ts";
import type { queries as vocabulary } from "../../../../src/store/search/vocabulary.ts";
import { sampleTime } from "../sample-names.ts";
import { another, fromTheFirst, message, nothing, now, type Samples, thread } from "./samples.ts";

const searchSamples: Samples<typeof search> = {
  ends: ({ enterpriseIds }) => ({ enterpriseIds }),
  numbers: ({ enterpriseIds }) => ({ enterpriseIds }),
};

const indexSamples: Samples<typeof index> = {
  begin: ({ enterpriseId }) => ({ enterpriseId }),
  progress: ({ enterpriseId }) => ({ enterpriseId }),
  entries: ({ enterpriseId }) => ({ enterpriseId, from: 1, to: 100 }),
  advance: ({ enterpriseId }) => ({ enterpriseId, oldest: 1, newest: 100 }),
  behind: () => ({ ...fromTheFirst(), limit: 10 }),
  isTaken: () => ({ id: 1 }),
  addDocument: () => ({ id: 1, number: 1, sequence: 1 }),
  addText: () => ({ id: 1, property: "p1", sender: "jane", subject: "stay", text: "late" }),
  addNumberedWords: () => ({ number: 1, words: '{"late":1}' }),
  addDocuments: ({ enterpriseId }) => ({
    enterpriseId,
    documents: JSON.stringify([{ sequence: another, created: now, words: "'late':1" }]),
  }),
  addWords: ({ enterpriseId }) => ({ enterpriseId, words: '{"late":1}' }),
};

const itemSamples: Samples<typeof items> = {
  message: ({ enterpriseId }) => ({ enterpriseId, threadId: thread, created: sampleTime(1) }),
  note: ({ enterpriseId }) => ({ enterpriseId, id: message }),
};

const vocabularySamples: Samples<typeof vocabulary> = {
  beginningWith: ({ enterpriseIds }) => ({ properties: enterpriseIds, from: "lat", to: "lau", limit: 10 }),
  isKnown: ({ enterpriseIds }) => ({ enterpriseIds, word: "late" }),
  hasSimilar: nothing,
};

export const searchRoom = {
  "search/search": searchSamples,
  "search/search-index": indexSamples,
  "search/search-items": itemSamples,
  "search/vocabulary": vocabularySamples,
};
