import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { addStaff } from "../../../src/administration/staff.ts";
import { staffOperations } from "../../../src/api/staff/operations.ts";
import { createApp } from "../../../src/app.ts";
import { readConfig } from "../../../src/config/config.ts";
import type { Microseconds } from "../../../src/core/clock.ts";
import { listenAndStart } from "../../../src/listen.ts";
import { nameOf } from "../../../src/protocol/operation.ts";
import type { Preferences, SignedIn, StaffSession } from "../../../src/protocol/staff/account.ts";
import type { StaffUser } from "../../../src/protocol/staff/people.ts";
import type { StaffProperty } from "../../../src/protocol/staff/properties.ts";
import type { SavedReply } from "../../../src/protocol/staff/saved-replies.ts";
import { checkOf } from "../../../src/protocol/validation.ts";
import type { Db } from "../../../src/store/db.ts";
import { changeDirectory, enableEnterprise, insertEnterprise } from "../../../src/store/directory/directory.ts";
import { openDatabase } from "../../../src/store/store.ts";
import { environment, isOnPostgres, migratedDatabase } from "../database/engine.ts";
import { newDatabase } from "./server.ts";
import { keptLog } from "./test-logs.ts";

/** The properties of the tests' world. */
export const seaside = "5ea51de0-0000-4000-8000-000000000001";
export const mountain = "5ea51de0-0000-4000-8000-000000000002";
export const closed = "5ea51de0-0000-4000-8000-000000000003";

export const minute = 60;
export const hour = 60 * minute;
export const day = 24 * hour;

/** What everybody of the tests signs in with. */
export const password = "correct horse battery";

/** The properties of every answer together; which of them are there has been held against the description. */
export interface StaffBody extends SignedIn {
  readonly Sessions: readonly StaffSession[];
  readonly Users: readonly StaffUser[];
  readonly Link: string;
  readonly Purpose: string;
  readonly Name: string | null;
  readonly Email: string | null;
  readonly SavedReply: SavedReply;
  readonly SavedReplies: readonly SavedReply[];
  readonly Preferences: Preferences;
  readonly Properties: StaffProperty[];
  /** Of an error. */
  readonly Message: string;
}

export interface StaffAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: StaffBody;
}

/** A browser: it keeps the session's cookie, and sends it. */
export interface Browser {
  /** Calls an operation, as in `session/start`. */
  call(operation: string, input?: object, headers?: Readonly<Record<string, string>>): Promise<StaffAnswer>;
  /** The same for what must succeed. */
  ask<Answer = StaffBody>(operation: string, input?: object): Promise<Answer>;
  /** The session's secret; empty without one. */
  secret(): string;
  /** The value of the device's cookie, which another browser may be given. */
  device(): string;
}

const checks = new Map(staffOperations.map(({ description }) => [nameOf(description), checkOf(description.output)]));

const start = Date.UTC(2026, 4, 5, 10);

/**
 * A server with two properties, and one that is disabled, whose clock stands still unless `at` moves it.
 * @param settings  as flags have them; a `database` that is named has the properties already
 * @param around  changes what the server is given to reach its database by
 */
export async function staffWorld(
  t: TestContext,
  settings: Readonly<Record<string, string>> = {},
  around?: (db: Db) => Db,
) {
  let now = start * 1000;
  const database = settings.database ?? (isOnPostgres ? await migratedDatabase(t) : newDatabase(t));
  const { log, logged } = keptLog();
  const config = readConfig({ port: "0", ...settings, database }, environment);
  const db = around?.(openDatabase(database));
  const app = await createApp(config, { log, clock: () => now, ...(db && { db }) });
  t.after(app.stop);
  const url = await listenAndStart(app, config);
  await app.ready;
  const { store, clock, newIdentifier } = app;
  if (settings.database === undefined) await addHotels(store.db, now);

  const browser = (known?: string) => staffBrowser(url, known);

  /** Uses a link in a browser of its own, with the password of the tests. */
  async function accept(link: string, Password = password, more: object = {}): Promise<Browser> {
    const page = browser();
    await page.ask("links/use", { Token: tokenOf(link), Password, ...more });
    return page;
  }

  /** Adds a person at properties, as the operator would, and signs them in. */
  async function person(name: string, roles: Readonly<Record<string, "Agent" | "Manager">> | "Owner") {
    const memberships =
      roles === "Owner" ? [] : Object.entries(roles).map(([id, role]) => ({ enterpriseId: id, role }));
    const registration = {
      email: `${name.toLowerCase()}@hotel.example`,
      name,
      isOwner: roles === "Owner",
      memberships,
    };
    const { user, link } = await addStaff({ db: store.db, clock, newIdentifier }, registration, url);
    return { id: user.id, email: user.email, ...(await accept(link ?? "")) };
  }

  return {
    url,
    store,
    database,
    clock,
    newIdentifier,
    secretBox: app.secretBox,
    stop: app.stop,
    logged,
    browser,
    accept,
    person,
    /** Moves the clock to so many seconds after the start. */
    at: (second: number) => {
      now = Math.round((start + second * 1000) * 1000);
    },
  };
}

export type StaffWorld = Awaited<ReturnType<typeof staffWorld>>;

/** The three hotels of the tests, of which one is closed. */
async function addHotels(db: Db, created: Microseconds): Promise<void> {
  await changeDirectory(db, async (transaction) => {
    for (const [id, name] of [
      [seaside, "Seaside"],
      [mountain, "Mountain"],
      [closed, "Closed"],
    ] as const) {
      const hotel = { id, name, timeZoneIdentifier: "Europe/Prague", defaultLanguageCode: "cs-CZ", created };
      await insertEnterprise(transaction, hotel);
    }
    await enableEnterprise(transaction, closed, false, created);
  });
}

/** A browser at the address of a server. @param known  the value of the device's cookie that it has from the start */
function staffBrowser(url: string, known = ""): Browser {
  let device = known;
  let secret = "";
  const call: Browser["call"] = async (operation, input = {}, headers = {}) => {
    const response = await fetch(`${url}/api/staff/v1/${operation}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Cookie: `innbox_session=${secret}; innbox_device=${device}`,
        ...headers,
      },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    const body = JSON.parse(text) as StaffBody;
    if (response.status === 200) checks.get(operation)?.(body);
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value = ""] = /^innbox_(session|device)=([^;]*)/.exec(cookie) ?? [];
      if (name === "session") secret = value;
      if (name === "device") device = value;
    }
    return { status: response.status, headers: response.headers, text, body };
  };
  const ask: Browser["ask"] = async (operation, input) => {
    const { status, text } = await call(operation, input);
    assert.equal(status, 200, text);
    return JSON.parse(text);
  };
  return { call, ask, secret: () => secret, device: () => device };
}

/** What stands behind the # of a link. */
export function tokenOf(link: string): string {
  return link.slice(link.indexOf("#") + 1);
}

/** Checks that a request was refused with a status and a plain sentence. */
export function refused({ status, body, text }: StaffAnswer, expected: number, message: RegExp = /^[A-Z].+\.$/): void {
  assert.equal(status, expected, text);
  assert.match(body.Message, message);
}
