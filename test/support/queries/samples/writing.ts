import type { queries as keys } from "../../../../src/store/writing/idempotency-keys.ts";
import type { queries as group } from "../../../../src/store/writing/load-group.ts";
import type { queries as logEnds } from "../../../../src/store/writing/log-ends.ts";
import type { queries as summary } from "../../../../src/store/writing/recompute-summary.ts";
import type { queries as stale } from "../../../../src/store/writing/stale-summaries.ts";
import type { queries as rows } from "../../../../src/store/writing/thread-rows.ts";
import { sampleTime } from "../sample-names.ts";
import { bytes, client, message, nothing, now, type SampledScope, type Samples, threads } from "./samples.ts";

const key = ({ enterpriseId }: SampledScope) => ({
  enterpriseId,
  clientId: client,
  operation: "messages/add",
  key: message,
});

const keySamples: Samples<typeof keys> = {
  find: key,
  keep: (scope) => ({ ...key(scope), created: now, body_digest: bytes, answer: "{}" }),
  removeOld: ({ enterpriseId }) => ({ enterpriseId, before: now }),
};

const groupSamples: Samples<typeof group> = {
  written: ({ enterpriseId }) => ({ enterpriseId, id: message }),
};

const logEndSamples: Samples<typeof logEnds> = {
  lock: ({ enterpriseId }) => ({ enterpriseId }),
  begin: ({ enterpriseId }) => ({ enterpriseId }),
  save: ({ enterpriseId }) => ({ enterpriseId, sequence: 1, created: now }),
};

const summarySamples: Samples<typeof summary> = {
  position: ({ enterpriseId }) => ({ enterpriseId, clientId: client, created: sampleTime(1) }),
};

const staleSamples: Samples<typeof stale> = { stale: nothing };

const rowSamples: Samples<typeof rows> = {
  threads: ({ enterpriseId }) => ({ enterpriseId, ids: threads }),
};

export const writingRoom = {
  "writing/idempotency-keys": keySamples,
  "writing/load-group": groupSamples,
  "writing/log-ends": logEndSamples,
  "writing/recompute-summary": summarySamples,
  "writing/stale-summaries": staleSamples,
  "writing/thread-rows": rowSamples,
};
