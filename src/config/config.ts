import { withoutPassword } from "../core/database-place.ts";
import { invalid } from "../core/problem.ts";
import { environmentVariable, type Setting, settings } from "./settings.ts";

type Settings = typeof settings;

/** How this process runs: what each of the settings says. */
export type Config = { readonly [Name in keyof Settings]: ReturnType<Settings[Name]["parse"]> };

/** Where everything is kept, and how it is worked with. */
export type DatabaseConfig = Pick<
  Config,
  "database" | "databaseConnections" | "databasePartitions" | "databasePrepare"
>;

export type Environment = Readonly<Record<string, string | undefined>>;
export type Flags = Readonly<Record<string, string | undefined>>;

/**
 * Reads every setting from its flag, else its environment variable, else its default.
 * @throws Problem (invalid) that lists every wrong setting, a line each
 */
export function readConfig(flags: Flags, environment: Environment): Config {
  const problems: string[] = [];
  const read = (setting: Setting<unknown>): unknown => {
    try {
      return readSetting(setting, flags, environment);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const config = Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, read(setting)]));
  if (problems.length > 0) throw invalid(problems.join("\n"));
  return config as Config;
}

/** Only what says where everything is kept. @throws Problem (invalid) that names where the wrong value came from */
export function readDatabaseConfig(flags: Flags, environment: Environment): DatabaseConfig {
  const read = <T>(setting: Setting<T>): T => readSetting(setting, flags, environment);
  return {
    database: read(settings.database),
    databaseConnections: read(settings.databaseConnections),
    databasePartitions: read(settings.databasePartitions),
    databasePrepare: read(settings.databasePrepare),
  };
}

/** One setting by itself. @throws Problem (invalid) that names where the wrong value came from */
export function readSetting<T>(setting: Setting<T>, flags: Flags, environment: Environment): T {
  const variable = environmentVariable(setting);
  const flag = setting.isSecret ? undefined : flags[setting.name];
  // An empty variable is how compose files leave one out.
  const fromEnvironment = environment[variable] || undefined;
  const text = flag ?? fromEnvironment ?? setting.default;
  const source = flag === undefined && fromEnvironment !== undefined ? variable : `--${setting.name}`;
  try {
    return setting.parse(text);
  } catch (error) {
    const given = setting.isSecret ? "" : `, not "${withoutPassword(text)}"`;
    throw invalid(`${source} ${error instanceof Error ? error.message : error}${given}.`);
  }
}
