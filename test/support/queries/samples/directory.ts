import type { queries as access } from "../../../../src/store/directory/access.ts";
import type { queries as directory } from "../../../../src/store/directory/directory.ts";
import type { queries as installation } from "../../../../src/store/directory/installation.ts";
import { sampleDigest, sampleId } from "../sample-names.ts";
import { another, bytes, client, fromTheFirst, integration, nothing, now, type Samples } from "./samples.ts";

const accessSamples: Samples<typeof access> = {
  directoryVersion: nothing,
  access: () => ({
    clientTokenDigest: sampleDigest("client", 0),
    accessTokenDigest: sampleDigest("integration", 0),
  }),
  enterprises: () => ({ integrationId: integration }),
};

const directorySamples: Samples<typeof directory> = {
  changed: nothing,
  clients: fromTheFirst,
  clientName: () => ({ id: client }),
  clientOfToken: () => ({ digest: sampleDigest("client", 0) }),
  insertClient: () => ({
    id: sampleId("client", another),
    name: "Another",
    tokenDigest: sampleDigest("client", another),
    created: now,
  }),
  enableClient: () => ({ id: client, isEnabled: 0 }),
  enterprises: fromTheFirst,
  enterpriseName: ({ enterpriseId }) => ({ id: enterpriseId }),
  insertEnterprise: () => ({
    id: sampleId("enterprise", another),
    name: "Another",
    timeZoneIdentifier: "Europe/Prague",
    defaultLanguageCode: "cs-CZ",
    created: now,
  }),
  enableEnterprise: ({ enterpriseId }) => ({ id: enterpriseId, isEnabled: 1, updated: now }),
  integrations: () => ({ ...fromTheFirst(), now }),
  integration: () => ({ id: integration }),
  insertIntegration: ({ enterpriseId }) => ({
    id: sampleId("integration", another),
    clientId: client,
    primaryEnterpriseId: enterpriseId,
    created: now,
  }),
  insertLink: () => ({ id: sampleId("integration", 1), enterpriseId: sampleId("enterprise", 2), linked: now }),
  deleteTokens: () => ({ id: integration }),
  deleteLinks: () => ({ id: integration }),
  deleteIntegration: () => ({ id: sampleId("integration", another) }),
  enableIntegration: () => ({ id: integration, isEnabled: 0 }),
  insertToken: () => ({ digest: sampleDigest("integration", another), id: integration, created: now }),
  expireTokens: () => ({ id: integration, expires: now }),
};

const installationSamples: Samples<typeof installation> = {
  kind: nothing,
  use: nothing,
  setKind: () => ({ kind: "sandbox" }),
  secretKeyCheck: nothing,
  lockedSecretKeyCheck: nothing,
  forgetSecretKeyCheck: nothing,
  setSecretKeyCheck: () => ({ check: bytes }),
};

export const directoryRoom = {
  "directory/access": accessSamples,
  "directory/directory": directorySamples,
  "directory/installation": installationSamples,
};
