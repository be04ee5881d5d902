import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "../../../src/core/clock.ts";
import { openMemory } from "../../../src/store/engines/sqlite/memory.ts";
import { migrate } from "../../../src/store/migrations/migrations.ts";
import type { Query } from "../../../src/store/query.ts";
import { everyQuery } from "./every-query.ts";
import columns from "./query-columns.json" with { type: "json" };

/** Has the columns that each named query answers on SQLite. `npm run rows` writes it. */
export const columnsFile = new URL("./query-columns.json", import.meta.url);

/** The text of that file, from what SQLite says of each query on the newest schema: a column that is not there fails. */
export async function queryColumns(): Promise<string> {
  const { db, location } = openMemory();
  await migrate(db, systemClock);
  const database = new DatabaseSync(location);
  const found = (await everyQuery("sqlite")).filter(({ name }) => /^[a-z/-]+\.\w+$/i.test(name));
  const entries = found.map(({ name, text }) => {
    const names = database.prepare(text).columns();
    return [name, Object.fromEntries(names.map((column) => [column.name, 0]))] as const;
  });
  database.close();
  await db.close();
  return `${JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))), null, 2)}\n`;
}

type Columns = typeof columns;

interface Modules {
  readonly "copy/progress": typeof import("../../../src/store/copy/progress.ts").queries;
  readonly "directory/access": typeof import("../../../src/store/directory/access.ts").queries;
  readonly "directory/directory": typeof import("../../../src/store/directory/directory.ts").queries;
  readonly "directory/installation": typeof import("../../../src/store/directory/installation.ts").queries;
  readonly "engines/integrity": typeof import("../../../src/store/engines/integrity.ts").queries;
  readonly "lists/inbox-counts": typeof import("../../../src/store/lists/inbox-counts.ts").queries;
  readonly "lists/inbox-threads": typeof import("../../../src/store/lists/inbox-threads.ts").queries;
  readonly "lists/messages": typeof import("../../../src/store/lists/messages.ts").queries;
  readonly "lists/thread-items": typeof import("../../../src/store/lists/thread-items.ts").queries;
  readonly "lists/thread-readings": typeof import("../../../src/store/lists/thread-readings.ts").queries;
  readonly "lists/threads": typeof import("../../../src/store/lists/threads.ts").queries;
  readonly "log/log-events": typeof import("../../../src/store/log/log-events.ts").queries;
  readonly "log/property-log": typeof import("../../../src/store/log/property-log.ts").queries;
  readonly "migrations/migrations": typeof import("../../../src/store/migrations/migrations.ts").queries;
  readonly "search/search": typeof import("../../../src/store/search/search.ts").queries;
  readonly "search/search-index": typeof import("../../../src/store/search/search-index.ts").queries;
  readonly "search/search-items": typeof import("../../../src/store/search/search-items.ts").queries;
  readonly "search/vocabulary": typeof import("../../../src/store/search/vocabulary.ts").queries;
  readonly "staff/assignees": typeof import("../../../src/store/staff/assignees.ts").queries;
  readonly "staff/devices": typeof import("../../../src/store/staff/devices.ts").queries;
  readonly "staff/links": typeof import("../../../src/store/staff/links.ts").queries;
  readonly "staff/saved-replies": typeof import("../../../src/store/staff/saved-replies.ts").queries;
  readonly "staff/sessions": typeof import("../../../src/store/staff/sessions.ts").queries;
  readonly "staff/staff-properties": typeof import("../../../src/store/staff/staff-properties.ts").queries;
  readonly "staff/throttle": typeof import("../../../src/store/staff/throttle.ts").queries;
  readonly "staff/users": typeof import("../../../src/store/staff/users.ts").queries;
  readonly "webhooks/claims": typeof import("../../../src/store/webhooks/claims.ts").queries;
  readonly "webhooks/deliveries": typeof import("../../../src/store/webhooks/deliveries.ts").queries;
  readonly "webhooks/endpoints": typeof import("../../../src/store/webhooks/endpoints.ts").queries;
  readonly "webhooks/hold": typeof import("../../../src/store/webhooks/hold.ts").queries;
  readonly "webhooks/queue": typeof import("../../../src/store/webhooks/queue.ts").queries;
  readonly "writing/idempotency-keys": typeof import("../../../src/store/writing/idempotency-keys.ts").queries;
  readonly "writing/load-group": typeof import("../../../src/store/writing/load-group.ts").queries;
  readonly "writing/log-ends": typeof import("../../../src/store/writing/log-ends.ts").queries;
  readonly "writing/recompute-summary": typeof import("../../../src/store/writing/recompute-summary.ts").queries;
  readonly "writing/stale-summaries": typeof import("../../../src/store/writing/stale-summaries.ts").queries;
  readonly "writing/thread-rows": typeof import("../../../src/store/writing/thread-rows.ts").queries;
}

type RowOf<Q> = Q extends Query<infer R, infer _P> ? R : never;

/** The name of a query whose type has other columns than it answers, if it answers any; otherwise never. */
type Wrong<Name, Q, C> = [keyof C] extends [never]
  ? never
  : [keyof RowOf<Q>, keyof C] extends [keyof C, keyof RowOf<Q>]
    ? never
    : Name;

type WrongIn<Module extends keyof Modules> = {
  [Name in keyof Modules[Module] & string]: `${Module}.${Name}` extends keyof Columns
    ? Wrong<`${Module}.${Name}`, Modules[Module][Name], Columns[`${Module}.${Name}`]>
    : never;
}[keyof Modules[Module] & string];

type AllWrong = { [Module in keyof Modules]: WrongIn<Module> }[keyof Modules];

/** Does not compile when the type of a query's rows has other columns than the query answers: the error names it. */
export const areColumnsTyped: [AllWrong] extends [never] ? true : AllWrong = true;

if (import.meta.main) writeFileSync(columnsFile, await queryColumns());
