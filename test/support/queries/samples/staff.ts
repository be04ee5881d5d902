import type { queries as assignees } from "../../../../src/store/staff/assignees.ts";
import type { queries as devices } from "../../../../src/store/staff/devices.ts";
import type { queries as links } from "../../../../src/store/staff/links.ts";
import type { queries as savedReplies } from "../../../../src/store/staff/saved-replies.ts";
import type { queries as sessions } from "../../../../src/store/staff/sessions.ts";
import type { queries as properties } from "../../../../src/store/staff/staff-properties.ts";
import type { queries as throttle } from "../../../../src/store/staff/throttle.ts";
import type { queries as users } from "../../../../src/store/staff/users.ts";
import { sampleDigest, sampleId, sampleStart } from "../sample-names.ts";
import { another, bytes, fromTheFirst, nothing, now, type Samples, user } from "./samples.ts";

const userIds = [user, sampleId("user", 1)];
const session = sampleId("session", 0);
const email = "user-0@hotel.example";

const assigneeSamples: Samples<typeof assignees> = {
  worksAt: ({ enterpriseId }) => ({ userId: user, enterpriseId }),
};

const deviceSamples: Samples<typeof devices> = {
  ofUser: () => ({ userId: user }),
  known: () => ({ digest: sampleDigest("device", 0) }),
  ofEmail: () => ({ email }),
  keep: () => ({ userId: user, digest: sampleDigest("device", another), now }),
  deleteOthers: () => ({ userId: user, digest: sampleDigest("device", another) }),
  removeSurplus: () => ({ userId: user }),
  removeOld: () => ({ unusedSince: now }),
};

const linkSamples: Samples<typeof links> = {
  find: () => ({ digest: sampleDigest("link", 0), now }),
  page: () => ({ after: bytes, now: sampleStart }),
  ofUsers: () => ({ userIds, now: sampleStart }),
  ofId: () => ({ from: sampleDigest("link", 0), to: sampleDigest("link", 0), now: sampleStart }),
  delete: () => ({ digest: sampleDigest("link", 0) }),
  insert: () => ({
    digest: sampleDigest("link", another),
    purpose: "Reset",
    userId: user,
    makerId: user,
    created: now,
    expires: now,
  }),
  take: () => ({ digest: sampleDigest("link", 0), now }),
  forgetOf: () => ({ userId: user }),
  forgetFirstOwner: nothing,
  removeOld: () => ({ now }),
};

const propertySamples: Samples<typeof properties> = {
  page: fromTheFirst,
  ofUser: () => ({ userId: user }),
  setReplyTarget: ({ enterpriseId }) => ({ enterpriseId, minutes: 30 }),
};

const savedReplySamples: Samples<typeof savedReplies> = {
  list: ({ enterpriseIds }) => ({ enterpriseIds }),
  set: ({ enterpriseId }) => ({
    enterpriseId,
    shortcut: "early",
    languageCode: "en",
    id: sampleId("reply", another),
    text: "Dear",
    updated: now,
  }),
  delete: ({ enterpriseId }) => ({ enterpriseId, id: sampleId("reply", 0) }),
};

const sessionSamples: Samples<typeof sessions> = {
  find: () => ({ digest: sampleDigest("session", 0) }),
  newest: () => ({ userId: user }),
  insert: () => ({
    id: sampleId("session", another),
    digest: sampleDigest("session", another),
    userId: user,
    userAgent: "Browser",
    address: "127.0.0.1",
    created: now,
  }),
  touch: () => ({ id: session, now }),
  delete: () => ({ id: session, userId: user }),
  deleteAll: () => ({ userId: user }),
  deleteOthers: () => ({ userId: user, id: session }),
  removeOld: () => ({ unusedSince: now }),
};

const throttleSamples: Samples<typeof throttle> = {
  find: () => ({ digest: sampleDigest("throttle", 0) }),
  lock: () => ({ digest: sampleDigest("throttle", another) }),
  set: () => ({ digest: sampleDigest("throttle", 0), failures: 1, failed: now, expires: now }),
  delete: () => ({ digest: sampleDigest("throttle", 0) }),
  removeOld: () => ({ now }),
};

const userSamples: Samples<typeof users> = {
  page: fromTheFirst,
  owners: fromTheFirst,
  otherOwner: () => ({ id: user }),
  find: () => ({ id: user }),
  locked: () => ({ id: user }),
  lockedOfEmail: () => ({ email }),
  credentials: () => ({ id: user }),
  credentialsOfEmail: () => ({ email }),
  lockedCredentials: () => ({ id: user }),
  preferences: () => ({ id: user }),
  insert: () => ({
    id: sampleId("user", another),
    email: "another@hotel.example",
    name: "Another",
    isOwner: 0,
    created: now,
  }),
  update: () => ({ id: user, name: "Renamed", isOwner: 1, isEnabled: 1 }),
  setPassword: () => ({ id: user, passwordHash: "$argon2id$" }),
  setPreferences: () => ({ id: user, preferences: "{}" }),
  members: ({ enterpriseIds }) => ({ enterpriseIds }),
  memberships: () => ({ userIds }),
  setMembership: ({ enterpriseId }) => ({ userId: user, enterpriseId, role: "Manager", created: now }),
  deleteMembership: ({ enterpriseId }) => ({ userId: user, enterpriseId }),
};

export const staffRoom = {
  "staff/assignees": assigneeSamples,
  "staff/devices": deviceSamples,
  "staff/links": linkSamples,
  "staff/staff-properties": propertySamples,
  "staff/saved-replies": savedReplySamples,
  "staff/sessions": sessionSamples,
  "staff/throttle": throttleSamples,
  "staff/users": userSamples,
};
