import { nilIdentifier } from "../../../../src/core/identifiers.ts";
import type { queries as claims } from "../../../../src/store/webhooks/claims.ts";
import type { queries as deliveries } from "../../../../src/store/webhooks/deliveries.ts";
import type { queries as endpoints } from "../../../../src/store/webhooks/endpoints.ts";
import type { queries as hold } from "../../../../src/store/webhooks/hold.ts";
import type { queries as queue } from "../../../../src/store/webhooks/queue.ts";
import { sampleId, sampleStart, second } from "../sample-names.ts";
import {
  another,
  bytes,
  client,
  delivery,
  endpoint,
  fromTheFirst,
  integration,
  nothing,
  now,
  type SampledScope,
  type Samples,
  url,
} from "./samples.ts";

const deliveryKey = ({ enterpriseId }: SampledScope) => ({ enterpriseId, deliveryId: delivery });

const claimSamples: Samples<typeof claims> = {
  idle: () => ({ now }),
  nextDue: () => ({ now }),
  postpone: (scope) => ({ ...deliveryKey(scope), due: now }),
  take: () => ({ id: endpoint, now }),
  lease: () => ({ id: endpoint, holder: "holder", until: now }),
  release: () => ({ id: endpoint, holder: "holder", now }),
  due: () => ({ endpointId: endpoint, now }),
  mayHear: ({ enterpriseId }) => ({ integrationId: integration, enterpriseId }),
  current: deliveryKey,
  insertAttempt: (scope) => ({
    ...deliveryKey(scope),
    number: 2,
    started: now,
    latency: second,
    status: 500,
    error: null,
    request_headers: "{}",
    response_headers: "{}",
    response_body: "",
  }),
  settle: (scope) => ({ ...deliveryKey(scope), state: "waiting", due: now, failures: 2 }),
  giveUp: deliveryKey,
  succeeded: () => ({ id: endpoint }),
  failed: () => ({ id: endpoint, now, url }),
  disable: () => ({ id: endpoint, reason: "It failed.", url, failingSince: null }),
};

const deliverySamples: Samples<typeof deliveries> = {
  insert: ({ enterpriseId }) => ({
    enterpriseId,
    id: sampleId("delivery", another),
    endpointId: endpoint,
    integrationId: integration,
    created: now,
    due: 0,
    body: bytes,
  }),
  newest: () => ({ since: sampleStart, limit: 20 }),
  newestFailed: () => ({ since: sampleStart, limit: 20 }),
  find: () => ({ id: delivery }),
  attempts: ({ enterpriseId }) => ({ enterpriseId, id: delivery }),
  resend: ({ enterpriseId }) => ({ enterpriseId, id: delivery, due: now }),
  resendFailed: ({ enterpriseId }) => ({ enterpriseId, id: delivery, due: now }),
  someFailed: () => ({ created: sampleStart, id: nilIdentifier }),
  someOld: () => ({ before: now, limit: 8 }),
  remove: ({ enterpriseId }) => ({ enterpriseId, id: sampleId("delivery", 0) }),
};

const holdSamples: Samples<typeof hold> = {
  since: nothing,
  lockedSince: nothing,
  set: () => ({ since: now }),
};

const endpointSamples: Samples<typeof endpoints> = {
  list: fromTheFirst,
  find: () => ({ id: endpoint }),
  ofClient: () => ({ clientId: client, kind: "general" }),
  insert: () => ({
    id: sampleId("endpoint", another),
    clientId: client,
    kind: "integration",
    url,
    events: "[]",
    secret: bytes,
    created: now,
  }),
  update: () => ({ id: endpoint, url, events: null }),
  enable: () => ({ id: endpoint }),
  disable: () => ({ id: endpoint, reason: "It was told to." }),
  rotate: () => ({ id: endpoint, secret: bytes, oldExpires: now }),
  forgetSecret: () => ({ id: endpoint, secret: bytes }),
  forgetDeliveries: () => ({ id: endpoint }),
  lockWaiting: () => ({ id: endpoint }),
  skip: ({ enterpriseId }) => ({ enterpriseId, id: endpoint, integrationId: integration }),
};

const queueKey = ({ enterpriseId }: SampledScope) => ({
  enterpriseId,
  endpointId: endpoint,
  integrationId: integration,
});

const queueSamples: Samples<typeof queue> = {
  mark: ({ enterpriseId }) => ({ enterpriseId, clientId: client, created: now, now }),
  markIntegration: () => ({ integrationId: integration, now }),
  markEnterprise: ({ enterpriseId }) => ({ enterpriseId, now }),
  forgetIntegration: () => ({ integrationId: integration }),
  longestWaiting: () => ({ endpointId: endpoint }),
  listener: ({ enterpriseId }) => ({ integrationId: integration, enterpriseId }),
  forget: queueKey,
  advance: (scope) => ({ ...queueKey(scope), position: now, waitingSince: null }),
};

export const webhookRoom = {
  "webhooks/claims": claimSamples,
  "webhooks/deliveries": deliverySamples,
  "webhooks/hold": holdSamples,
  "webhooks/endpoints": endpointSamples,
  "webhooks/queue": queueSamples,
};
