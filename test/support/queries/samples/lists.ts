import { nilIdentifier } from "../../../../src/core/identifiers.ts";
import type { queries as inboxCounts } from "../../../../src/store/lists/inbox-counts.ts";
import type { sources as inboxSources, queries as inboxThreads } from "../../../../src/store/lists/inbox-threads.ts";
import type { queries as messageQueries, sources as messageSources } from "../../../../src/store/lists/messages.ts";
import type { queries as items } from "../../../../src/store/lists/thread-items.ts";
import type { queries as readings } from "../../../../src/store/lists/thread-readings.ts";
import type { queries as threadQueries, sources as threadSources } from "../../../../src/store/lists/threads.ts";
import type { sources as eventSources, queries as events } from "../../../../src/store/log/log-events.ts";
import type { queries as log } from "../../../../src/store/log/property-log.ts";
import { sampleStart, sampleTime } from "../sample-names.ts";
import {
  bounds,
  client,
  day,
  hour,
  message,
  messages,
  now,
  type Samples,
  type SourceSamples,
  thread,
  threads,
  user,
} from "./samples.ts";

const threadSamples: Samples<typeof threadQueries> = {
  usedDays: ({ enterpriseIds }) => ({ enterpriseIds, clientId: client, from: 0, to: Math.floor(now / day) }),
  usedHours: ({ enterpriseIds }) => ({
    enterpriseIds,
    clientId: client,
    from: sampleStart / hour,
    to: sampleStart / hour + 24,
  }),
  find: ({ enterpriseIds }) => ({ enterpriseIds, id: thread, clientId: client }),
  locate: ({ enterpriseIds }) => ({ enterpriseIds, ids: threads, clientId: client }),
  pageOfIds: ({ enterpriseIds }) => ({
    ...bounds,
    enterpriseIds,
    ids: threads,
    updatedFrom: 0,
    updatedTo: now,
    limit: 10,
  }),
};

const messageSamples: Samples<typeof messageQueries> = {
  place: ({ enterpriseIds }) => ({ enterpriseIds, id: message, clientId: client }),
  pageOfIds: ({ enterpriseIds }) => ({ ...bounds, enterpriseIds, ids: messages, threadIds: null, limit: 10 }),
};

const inboxCountSamples: Samples<typeof inboxCounts> = {
  add: ({ enterpriseId }) => ({ enterpriseId, assigneeId: user, open: 1, awaiting: 1, resolved: 0 }),
  ofProperties: ({ enterpriseIds }) => ({ enterpriseIds }),
};

const inboxThreadSamples: Samples<typeof inboxThreads> = {
  rows: ({ enterpriseIds }) => ({ enterpriseIds, ids: threads }),
};

const itemSamples: Samples<typeof items> = {
  messages: ({ enterpriseId }) => ({ enterpriseId, threadId: thread, before: now, limit: 10 }),
  entries: ({ enterpriseId }) => ({ enterpriseId, threadId: thread, before: now, limit: 10 }),
};

const readingSamples: Samples<typeof readings> = {
  readings: ({ enterpriseIds }) => ({ enterpriseIds, ids: threads, userId: user }),
  setReading: ({ enterpriseId }) => ({ enterpriseId, threadId: thread, userId: user, position: 7 }),
  draft: ({ enterpriseId }) => ({ enterpriseId, threadId: thread, userId: user }),
  setDraft: ({ enterpriseId }) => ({ enterpriseId, threadId: thread, userId: user, text: "Dear", updated: now }),
  deleteDraft: ({ enterpriseId }) => ({ enterpriseId, threadId: thread, userId: user }),
};

const eventSamples: Samples<typeof events> = {
  ends: ({ enterpriseIds }) => ({ enterpriseIds }),
};

const logSamples: Samples<typeof log> = {
  ends: ({ enterpriseIds }) => ({ enterpriseIds }),
  entries: ({ enterpriseId }) => ({ enterpriseId, after: 5, limit: 10 }),
};

export const listRoom = {
  "lists/threads": threadSamples,
  "lists/messages": messageSamples,
  "lists/inbox-counts": inboxCountSamples,
  "lists/inbox-threads": inboxThreadSamples,
  "lists/thread-items": itemSamples,
  "lists/thread-readings": readingSamples,
  "log/log-events": eventSamples,
  "log/property-log": logSamples,
};

const updates = { ...bounds, updatedFrom: 0, updatedTo: now };

const threadSourceSamples: SourceSamples<typeof threadSources> = {
  byCreation: { shared: bounds, own: (enterpriseId) => ({ enterpriseId }) },
  byUpdateDay: { shared: updates, own: (enterpriseId) => ({ enterpriseId, bucket: sampleTime(0) / day }) },
  byUpdateHour: { shared: updates, own: (enterpriseId) => ({ enterpriseId, bucket: sampleTime(0) / hour }) },
};

const messageSourceSamples: SourceSamples<typeof messageSources> = {
  ofThread: { shared: bounds, own: (enterpriseId) => ({ enterpriseId, threadId: thread }) },
};

const firstPlace = { place: 0, placeEnterpriseId: nilIdentifier };
const lastPlace = { place: now, placeEnterpriseId: nilIdentifier };

const inboxSourceSamples: SourceSamples<typeof inboxSources> = {
  awaiting: { shared: firstPlace, own: (enterpriseId) => ({ enterpriseId }) },
  byState: { shared: lastPlace, own: (enterpriseId) => ({ enterpriseId, isResolved: 0 }) },
  openOfAssignee: { shared: lastPlace, own: (enterpriseId) => ({ enterpriseId, assigneeId: user }) },
};

const eventSourceSamples: SourceSamples<typeof eventSources> = {
  ofEnterprise: { shared: { clientId: client }, own: (enterpriseId) => ({ enterpriseId, after: sampleStart }) },
};

export const sourceSamples = {
  "lists/threads": threadSourceSamples,
  "lists/messages": messageSourceSamples,
  "lists/inbox-threads": inboxSourceSamples,
  "log/log-events": eventSourceSamples,
};
