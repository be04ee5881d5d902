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
import { mustBeWhole } from "../store/copy/progress.ts";
import { migrate } from "../store/migrations/migrations.ts";
import { openStore, type Store } from "../store/store.ts";
import { type Command, jsonOption, type Option, type Terminal, UsageError, usage, type Values } from "./command.ts";
import { type Column, printList } from "./printing.ts";
import { settingOptions } from "./setting-options.ts";

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

/** `KIND list`, of records that one read of the database finds. */
export function listCommand<R extends object>(list: {
  readonly name: string;
  readonly summary: string;
  readonly columns: readonly Column<R>[];
  readonly whenEmpty: string;
  readonly read: (administration: Administration) => Promise<readonly R[]>;
}): Command {
  const { name, summary, columns, whenEmpty, read } = list;
  return {
    name,
    summary,
    examples: [name, `${name} --json`],
    options: [jsonOption, ...databaseOptions],
    run: (values, terminal) =>
      administer(values, terminal, async (administration) =>
        printList(terminal, values, columns, await read(administration), whenEmpty),
      ),
  };
}

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws UsageError when the flag's value is no UUID */
export function identifier(name: string, text: string): string {
  if (!uuidPattern.test(text)) throw new UsageError(`--${name} must be a UUID, not "${text}".`);
  return text.toLowerCase();
}

/** An option that names a record by its id. */
export function idOption(description: string): Option {
  return { name: "id", placeholder: "ID", description, isRequired: true };
}

/** The id that `idOption` asks for. @throws UsageError when it is no UUID */
export function idIn(values: Values): string {
  return identifier("id", values.required("id"));
}

/** A command that changes records and prints nothing but what it did. */
export function changeCommand<Subject>(command: ChangeCommand<Subject>): Command {
  const { subject: subjectIn, change, done, ...described } = command;
  return {
    ...described,
    run: async (values, terminal) => {
      const subject = subjectIn(values);
      await administer(values, terminal, (administration) => change(administration, subject, values));
      terminal.note(done(subject));
    },
  };
}

export interface ChangeCommand<Subject> extends Omit<Command, "run"> {
  /** What is changed. @throws UsageError when the options do not say it */
  readonly subject: (values: Values) => Subject;
  readonly change: (administration: Administration, subject: Subject, values: Values) => Promise<void>;
  /** The sentence that says what was done. */
  readonly done: (subject: Subject) => string;
}

/** `KIND enable` and `KIND disable`, with what each does. */
export function enablingCommands(
  kind: string,
  effects: { readonly enable: string; readonly disable: string },
  change: (administration: Administration, id: string, isEnabled: boolean) => Promise<void>,
): Command[] {
  return (["enable", "disable"] as const).map((verb) =>
    changeCommand({
      name: `${kind} ${verb}`,
      summary: effects[verb],
      examples: [`${kind} ${verb} --id ID`],
      options: [idOption(`The ${kind}.`), ...secretOptions],
      subject: idIn,
      change: (administration, id) => change(administration, id, verb === "enable"),
      done: (id) => `The ${kind} ${id} is ${verb}d.`,
    }),
  );
}
