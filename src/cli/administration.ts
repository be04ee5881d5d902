import { existsSync } from "node:fs";
import type { Administrator } from "../administration/administrator.ts";
import { readDatabaseConfig, readSetting } from "../config/config.ts";
import { databaseSettings, type Setting, settings } from "../config/settings.ts";
import { systemClock } from "../core/clock.ts";
import { databasePlace } from "../core/database-place.ts";
import { uuidv7Source } from "../core/identifiers.ts";
import { unavailable } from "../core/problem.ts";
import type { SecretBox } from "../core/secret-box.ts";
import { openSecretBox } from "../ops/secret-key.ts";
import { formatDateTime } from "../protocol/date-time.ts";
import { mustBeWhole } from "../store/copy/progress.ts";
import { migrate } from "../store/migrations/migrations.ts";
import { openStore, type Store } from "../store/store.ts";
import { type Command, type Option, type Terminal, UsageError, usage, type Values } from "./command.ts";
import { settingOptions } from "./help.ts";
import { table } from "./table.ts";

/** `--database` and what belongs to it, as every command has it that opens one by itself. */
export const databaseOptions: readonly Option[] = settingOptions(databaseSettings);

/** The same for commands that may have to open or seal a secret. */
export const secretOptions: readonly Option[] = settingOptions([...databaseSettings, settings.secretKeyFile]);

/** What commands that keep the operator's records work with. */
export interface Administration extends Administrator {
  readonly store: Store;
}

/**
 * Opens the database, brings its schema up to date, and closes it when `work` is done.
 * @throws Problem (unavailable) when there is none, unless the work is to add the first thing to it
 */
export async function administer<T>(
  values: Values,
  terminal: Terminal,
  work: (administration: Administration) => Promise<T>,
  options: { readonly mayCreate?: boolean } = {},
): Promise<T> {
  const read = <T>(setting: Setting<T>): T => usage(() => readSetting(setting, values.flags, terminal.environment));
  const config = usage(() => readDatabaseConfig(values.flags, terminal.environment));
  const { database } = config;
  const keyPlace = { database, secretKey: read(settings.secretKey), secretKeyFile: read(settings.secretKeyFile) };
  const place = databasePlace(database);
  if (!options.mayCreate && place.engine === "sqlite" && !existsSync(place.path)) {
    throw unavailable(
      `There is no database at ${place.path}. Name another with --database, or start a server to make it.`,
    );
  }
  const store = openStore(database, systemClock, config);
  try {
    await migrate(store.db, systemClock, config.databasePartitions);
    await mustBeWhole(store.db);
    let box: Promise<SecretBox> | undefined;
    const secretBox = () => {
      box ??= openSecretBox(keyPlace, store.db);
      return box;
    };
    return await work({ store, db: store.db, clock: systemClock, newIdentifier: uuidv7Source(systemClock), secretBox });
  } finally {
    await store.close();
  }
}

/** What a list prints for people and, by property name, for machines. */
export interface Column<R> {
  readonly heading: string;
  readonly property: string;
  readonly value: (row: R) => string | number | boolean | readonly string[] | null;
}

export function printList<R>(
  terminal: Terminal,
  values: Values,
  columns: readonly Column<R>[],
  rows: readonly R[],
  whenEmpty: string,
): void {
  if (values.has("json")) {
    terminal.out(
      JSON.stringify(
        rows.map((row) => record(columns, row)),
        null,
        2,
      ),
    );
    return;
  }
  if (rows.length === 0) {
    terminal.note(whenEmpty);
    return;
  }
  const cells = rows.map((row) => columns.map(({ value }) => cellOf(value(row))));
  terminal.out(
    table(
      columns.map(({ heading }) => heading),
      cells,
    ),
  );
}

function record<R>(columns: readonly Column<R>[], row: R): object {
  return Object.fromEntries(columns.map(({ property, value }) => [property, value(row)]));
}

function cellOf(value: string | number | boolean | readonly string[] | null): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null) return "-";
  return typeof value === "object" ? value.join(", ") : String(value);
}

export const enabledColumn: Column<{ is_enabled: 0 | 1 }> = {
  heading: "ENABLED",
  property: "IsEnabled",
  value: ({ is_enabled }) => is_enabled === 1,
};

export const createdColumn: Column<{ created: number }> = {
  heading: "CREATED",
  property: "CreatedUtc",
  value: ({ created }) => formatDateTime(created),
};

/** Prints what was made: JSON for machines, otherwise a sentence on stderr and the bare value on stdout. */
export function printMade(terminal: Terminal, values: Values, made: object, note: string, value: string): void {
  if (values.has("json")) {
    terminal.out(JSON.stringify(made, null, 2));
    return;
  }
  terminal.note(note);
  terminal.out(value);
}

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws UsageError when the flag's value is no UUID */
export function identifier(name: string, text: string): string {
  if (!uuidPattern.test(text)) throw new UsageError(`--${name} must be a UUID, not "${text}".`);
  return text.toLowerCase();
}

/** `KIND enable` and `KIND disable`, with what each does. */
export function enablingCommands(
  kind: string,
  effects: { readonly enable: string; readonly disable: string },
  change: (administration: Administration, id: string, isEnabled: boolean) => Promise<void>,
): Command[] {
  return (["enable", "disable"] as const).map((verb) => ({
    name: `${kind} ${verb}`,
    summary: effects[verb],
    examples: [`${kind} ${verb} --id ID`],
    options: [{ name: "id", placeholder: "ID", description: `The ${kind}.`, isRequired: true }, ...secretOptions],
    run: async (values, terminal) => {
      const id = identifier("id", values.required("id"));
      await administer(values, terminal, (administration) => change(administration, id, verb === "enable"));
      terminal.note(`The ${kind} ${id} is ${verb}d.`);
    },
  }));
}
