import { isIP } from "node:net";
import { invalid } from "../core/problem.ts";
import { publicOrigin } from "../http/origin.ts";
import type { RateLimit } from "../http/rate-limit.ts";
import { defaultPartitions } from "../store/migrations/migrations.ts";
import { databasePlace } from "../store/store.ts";
import { parseSecretKey } from "./secret-key.ts";

/** Where everything is kept, and how it is worked with. */
export interface DatabaseConfig {
  /** As in `sqlite:data/innbox.db` or `postgres://innbox:PASSWORD@db.example/innbox`. */
  readonly database: string;
  /** At most, of PostgreSQL. */
  readonly databaseConnections: number;
  readonly databasePartitions: number;
  readonly databasePrepare: boolean;
}

/** How this process runs. */
export interface Config extends DatabaseConfig {
  readonly port: number;
  readonly host: string;
  readonly rateLimit: RateLimit | undefined;
  /** Largest body of a request, in bytes. */
  readonly bodyLimit: number;
  /** Memory of large bodies that have not been carried out yet, in bytes. */
  readonly bodyMemory: number;
  /** In milliseconds. */
  readonly requestTimeout: number;
  /** How many requests may be worked on at once. */
  readonly loadLimit: number;
  /** How many connections there may be at once: of all callers, and of one network. */
  readonly connectionLimit: number;
  readonly networkConnectionLimit: number;
  /** How many WebSockets there may be at once: of all callers, and of one access token. */
  readonly socketLimit: number;
  readonly tokenSocketLimit: number;
  readonly trustProxy: string | false;
  /** Where people reach the server, as in `https://innbox.grand.example`, if requests do not tell. */
  readonly publicUrl: string | undefined;
  /** Seals the secrets in the database; without it, the key file does. */
  readonly secretKey: Buffer | undefined;
  readonly secretKeyFile: string | undefined;
  /** Hosts that webhooks may call wherever they are, as in `bot.internal` or `bot.internal:8443`. */
  readonly webhookAllow: readonly string[];
  /** How many bytes of the log may wait while it can't be written. */
  readonly logBuffer: number;
  /** How long after a check of a SQLite file for damage the next one begins, in milliseconds. */
  readonly checkInterval: number | undefined;
}

/** One setting: its flag is `--name`, its environment variable `INNBOX_NAME`, in capitals and with underscores. */
export interface Setting<T> {
  readonly name: string;
  readonly placeholder: string;
  readonly default: string;
  readonly description: string;
  /** Has no flag, since command lines can be read by others, and is never printed. */
  readonly isSecret?: boolean;
  /** @throws Problem (invalid) that reads on after the setting's name, as in "must be …" */
  readonly parse: (text: string) => T;
}

const portSetting: Setting<number> = {
  name: "port",
  placeholder: "N",
  default: "8080",
  description: "Port to listen on; 0 takes a free one.",
  parse: (text) => integer(text, 0, 65_535),
};

const hostSetting: Setting<string> = {
  name: "host",
  placeholder: "ADDRESS",
  default: "127.0.0.1",
  description: "Address to listen on; 0.0.0.0 for every network.",
  parse: (text) => {
    if (!/^[\w.:-]+$/.test(text)) throw invalid("must be a host name or an address");
    return text;
  },
};

export const databaseSetting: Setting<string> = {
  name: "database",
  placeholder: "URL",
  default: "sqlite:data/innbox.db",
  description: "Where everything is kept.",
  parse: (text) => {
    databasePlace(text);
    return text;
  },
};

export const databaseConnectionsSetting: Setting<number> = {
  name: "database-connections",
  placeholder: "N",
  default: "10",
  description: "Connections to PostgreSQL at most.",
  parse: (text) => integer(text, 3, 1000),
};

export const databasePartitionsSetting: Setting<number> = {
  name: "database-partitions",
  placeholder: "N",
  default: String(defaultPartitions),
  description: "Partitions of each large table in PostgreSQL, settled when the database is first used.",
  parse: (text) => integer(text, 1, 1024),
};

export const databasePrepareSetting: Setting<boolean> = {
  name: "database-prepare",
  placeholder: "on|off",
  default: "on",
  description: "Whether statements are prepared in PostgreSQL; off for a pooler that can't keep them.",
  parse: (text) => {
    if (text !== "on" && text !== "off") throw invalid("must be on or off");
    return text === "on";
  },
};

const rateLimitSetting: Setting<RateLimit | undefined> = {
  name: "rate-limit",
  placeholder: "LIMIT",
  default: "200/30s",
  description: "Requests per access token and time, as in 200/30s; or off.",
  parse: (text) => {
    if (text === "off") return undefined;
    const [, requests, seconds] = /^(\d{1,6})\/(\d{1,5})s$/.exec(text) ?? [];
    if (!Number(requests) || !Number(seconds))
      throw invalid("must be a number of requests and seconds as in 200/30s, or off");
    return { requests: Number(requests), seconds: Number(seconds) };
  },
};

const bodyLimitSetting: Setting<number> = {
  name: "body-limit",
  placeholder: "BYTES",
  default: "8388608",
  description: "Largest body of a request.",
  parse: (text) => integer(text, 1024, 1024 ** 3),
};

const bodyMemorySetting: Setting<number> = {
  name: "body-memory",
  placeholder: "BYTES",
  default: "134217728",
  description: "Memory for large bodies under way; unknown callers have half of it, one caller a quarter.",
  parse: (text) => integer(text, 65_536, 1024 ** 4),
};

const requestTimeoutSetting: Setting<number> = {
  name: "request-timeout",
  placeholder: "TIME",
  default: "30s",
  description: "How long a request may take, as in 30s or 500ms.",
  parse: (text) => {
    const milliseconds = duration(text);
    if (milliseconds < 10 || milliseconds > 3_600_000) throw invalid("must be from 10ms to 1h");
    return milliseconds;
  },
};

const loadLimitSetting: Setting<number> = {
  name: "load-limit",
  placeholder: "N",
  default: "1000",
  description: "Requests worked on at once; more are answered 503.",
  parse: (text) => integer(text, 1, 1_000_000),
};

const connectionLimitSetting: Setting<number> = {
  name: "connection-limit",
  placeholder: "N",
  default: "10000",
  description: "Connections at once; more are answered 503.",
  parse: (text) => integer(text, 1, 1_000_000),
};

const networkConnectionLimitSetting: Setting<number> = {
  name: "network-connection-limit",
  placeholder: "N",
  default: "2000",
  description: "Connections of one IPv4 address or IPv6 /64 at once; more are answered 429.",
  parse: (text) => integer(text, 1, 1_000_000),
};

const socketLimitSetting: Setting<number> = {
  name: "socket-limit",
  placeholder: "N",
  default: "5000",
  description: "WebSockets at once; more are answered 503.",
  parse: (text) => integer(text, 0, 1_000_000),
};

const tokenSocketLimitSetting: Setting<number> = {
  name: "token-socket-limit",
  placeholder: "N",
  default: "1000",
  description: "WebSockets of one access token at once; more are answered 429.",
  parse: (text) => integer(text, 0, 1_000_000),
};

const trustProxySetting: Setting<string | false> = {
  name: "trust-proxy",
  placeholder: "ADDRESSES",
  default: "off",
  description: "Proxies whose X-Forwarded-For is believed, as in 10.0.0.0/8,127.0.0.1; or off.",
  parse: (text) => {
    if (text === "off") return false;
    if (!text.split(",").every(isAddressOrNetwork)) {
      throw invalid("must be addresses or networks with commas between them, as in 10.0.0.0/8,127.0.0.1, or off");
    }
    return text;
  },
};

export const publicUrlSetting: Setting<string | undefined> = {
  name: "public-url",
  placeholder: "URL",
  default: "as requests tell",
  description: "Where people reach the server, as in https://innbox.grand.example: links are made of it.",
  parse: (text) => {
    const origin = publicOrigin(text);
    if (text !== publicUrlSetting.default && !origin) {
      throw invalid("must be an address such as https://innbox.grand.example, with http for this machine alone");
    }
    return origin;
  },
};

export const secretKeySetting: Setting<Buffer | undefined> = {
  name: "secret-key",
  placeholder: "KEY",
  default: "",
  description: "Key that seals the secrets in the database: base64 or hexadecimal digits of 32 bytes.",
  isSecret: true,
  parse: (text) => {
    const key = parseSecretKey(text);
    if (text !== "" && !key) throw invalid("must be base64 of 32 bytes, as openssl rand -base64 32 makes it");
    return key;
  },
};

export const secretKeyFileSetting: Setting<string | undefined> = {
  name: "secret-key-file",
  placeholder: "PATH",
  default: "the database's file with .key behind it",
  description: "Key that seals secrets, made at the first start; INNBOX_SECRET_KEY may hold it instead.",
  parse: (text) => (text === secretKeyFileSetting.default ? undefined : text),
};

export const webhookAllowSetting: Setting<readonly string[]> = {
  name: "webhook-allow",
  placeholder: "HOSTS",
  default: "none",
  description: "Hosts that webhooks may call although they are internal or without TLS, as in bot.lan:8080,10.0.0.7.",
  parse: (text) => {
    const hosts = text === "none" ? [] : text.split(",").map((host) => canonicalHost(host.trim()));
    if (!hosts.every((host) => host !== undefined)) {
      throw invalid("must be hosts with commas between them, as in bot.lan:8080,10.0.0.7, or none");
    }
    return hosts;
  },
};

const logBufferSetting: Setting<number> = {
  name: "log-buffer",
  placeholder: "BYTES",
  default: "4194304",
  description: "Log lines that wait while they can't be written; more are lost, and counted.",
  parse: (text) => integer(text, 4096, 1024 ** 3),
};

const checkIntervalSetting: Setting<number | undefined> = {
  name: "check-interval",
  placeholder: "TIME",
  default: "24h",
  description: "How often serve checks a SQLite file for damage, also at its start; or off.",
  parse: (text) => {
    if (text === "off") return undefined;
    const milliseconds = duration(text);
    if (milliseconds < 100 || milliseconds > 20 * 86_400_000) throw invalid("must be from 100ms to 20d, or off");
    return milliseconds;
  },
};

/** The settings of a server, in the order in which help shows them. */
export const serverSettings: readonly Setting<unknown>[] = [
  portSetting,
  hostSetting,
  databaseSetting,
  databaseConnectionsSetting,
  databasePartitionsSetting,
  databasePrepareSetting,
  rateLimitSetting,
  bodyLimitSetting,
  bodyMemorySetting,
  requestTimeoutSetting,
  loadLimitSetting,
  connectionLimitSetting,
  networkConnectionLimitSetting,
  socketLimitSetting,
  tokenSocketLimitSetting,
  trustProxySetting,
  publicUrlSetting,
  secretKeySetting,
  secretKeyFileSetting,
  webhookAllowSetting,
  logBufferSetting,
  checkIntervalSetting,
];

export type Environment = Readonly<Record<string, string | undefined>>;
export type Flags = Readonly<Record<string, string | undefined>>;

/**
 * Reads every setting from its flag, else its environment variable, else its default.
 * @throws Problem (invalid) that lists every wrong setting, a line each
 */
export function readConfig(flags: Flags, environment: Environment): Config {
  const problems: string[] = [];
  const read = <T>(setting: Setting<T>): T | undefined => {
    try {
      return readSetting(setting, flags, environment);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const config = {
    port: read(portSetting),
    host: read(hostSetting),
    database: read(databaseSetting),
    databaseConnections: read(databaseConnectionsSetting),
    databasePartitions: read(databasePartitionsSetting),
    databasePrepare: read(databasePrepareSetting),
    rateLimit: read(rateLimitSetting),
    bodyLimit: read(bodyLimitSetting),
    bodyMemory: read(bodyMemorySetting),
    requestTimeout: read(requestTimeoutSetting),
    loadLimit: read(loadLimitSetting),
    connectionLimit: read(connectionLimitSetting),
    networkConnectionLimit: read(networkConnectionLimitSetting),
    socketLimit: read(socketLimitSetting),
    tokenSocketLimit: read(tokenSocketLimitSetting),
    trustProxy: read(trustProxySetting),
    publicUrl: read(publicUrlSetting),
    secretKey: read(secretKeySetting),
    secretKeyFile: read(secretKeyFileSetting),
    webhookAllow: read(webhookAllowSetting),
    logBuffer: read(logBufferSetting),
    checkInterval: read(checkIntervalSetting),
  };
  if (problems.length > 0) throw invalid(problems.join("\n"));
  return config as Config;
}

/** Only what says where everything is kept. @throws Problem (invalid) that names where the wrong value came from */
export function readDatabaseConfig(flags: Flags, environment: Environment): DatabaseConfig {
  return {
    database: readSetting(databaseSetting, flags, environment),
    databaseConnections: readSetting(databaseConnectionsSetting, flags, environment),
    databasePartitions: readSetting(databasePartitionsSetting, flags, environment),
    databasePrepare: readSetting(databasePrepareSetting, flags, environment),
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

/** A database URL as it may be shown. */
export function withoutPassword(text: string): string {
  return text
    .replace(/^(?!sqlite:)(\w+:(?:\/\/)?[^:@/[]*):(?:.*(?=@)|(?!\d{1,5}(?:[/?,]|$))[^/?]*)/, "$1:PASSWORD")
    .replace(/([?&]password=)[^&]*/gi, "$1PASSWORD");
}

export function environmentVariable(setting: Setting<unknown>): string {
  return `INNBOX_${setting.name.toUpperCase().replaceAll("-", "_")}`;
}

/** A host as URLs have it, with its port if it names one; `undefined` for what is no host. */
function canonicalHost(text: string): string | undefined {
  const [, host = "", port] = /^([^/?#@\\]+?)(:\d{1,5})?$/.exec(text) ?? [];
  return URL.canParse(`http://${host}`) ? `${new URL(`http://${host}`).hostname}${port ?? ""}` : undefined;
}

function isAddressOrNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

function integer(text: string, minimum: number, maximum: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= minimum && value <= maximum)) throw invalid(`must be a whole number from ${minimum} to ${maximum}`);
  return value;
}

const unitMilliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a time such as `500ms`, `30s`, `5m`, `24h` or `7d`. @throws Problem (invalid) */
export function duration(text: string): number {
  const [, count, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  const milliseconds = Number(count) * (unitMilliseconds[unit ?? ""] ?? Number.NaN);
  if (Number.isNaN(milliseconds)) throw invalid("must be a time as in 500ms, 30s, 5m, 24h or 7d");
  return milliseconds;
}
