import { databasePlace, defaultPartitions } from "../core/database-place.ts";
import {
  addressesAndNetworks,
  hostOrAddress,
  hosts,
  type Parse,
  publicAddress,
  requestsPerTime,
  secretKey,
  switchedOn,
  timeBetween,
  wholeNumber,
  wordOr,
} from "./parsers.ts";

/** One setting: its flag is `--name`, its environment variable `INNBOX_NAME`, in capitals and with underscores. */
export interface Setting<T> {
  readonly name: string;
  readonly placeholder: string;
  readonly default: string;
  readonly description: string;
  /** Has no flag, since other users of the machine can read command lines, and is never printed. */
  readonly isSecret?: boolean;
  readonly parse: Parse<T>;
}

const byRequests = "as requests tell";
const besideDatabase = "the database's file with .key behind it";

/** The settings of a server by the name that each has in the configuration, in the order in which help shows them. */
export const settings = {
  port: {
    name: "port",
    placeholder: "N",
    default: "8080",
    description: "Port to listen on; 0 takes a free one.",
    parse: wholeNumber(0, 65_535),
  },
  host: {
    name: "host",
    placeholder: "ADDRESS",
    default: "127.0.0.1",
    description: "Address to listen on; 0.0.0.0 for every network.",
    parse: hostOrAddress,
  },
  /** As in `sqlite:data/innbox.db` or `postgres://innbox:PASSWORD@db.example/innbox`. */
  database: {
    name: "database",
    placeholder: "URL",
    default: "sqlite:data/innbox.db",
    description: "Where everything is kept.",
    parse: (text: string) => {
      databasePlace(text);
      return text;
    },
  },
  databaseConnections: {
    name: "database-connections",
    placeholder: "N",
    default: "10",
    description: "Connections to PostgreSQL at most.",
    parse: wholeNumber(3, 1000),
  },
  databasePartitions: {
    name: "database-partitions",
    placeholder: "N",
    default: String(defaultPartitions),
    description: "Partitions of each large table in PostgreSQL, settled when the database is first used.",
    parse: wholeNumber(1, 1024),
  },
  databasePrepare: {
    name: "database-prepare",
    placeholder: "on|off",
    default: "on",
    description: "Whether statements are prepared in PostgreSQL; off for a pooler that can't keep them.",
    parse: switchedOn,
  },
  rateLimit: {
    name: "rate-limit",
    placeholder: "LIMIT",
    default: "200/30s",
    description: "Requests per access token and time, as in 200/30s; or off.",
    parse: wordOr("off", undefined, requestsPerTime),
  },
  bodyLimit: {
    name: "body-limit",
    placeholder: "BYTES",
    default: "8388608",
    description: "Largest body of a request.",
    parse: wholeNumber(1024, 1024 ** 3),
  },
  bodyMemory: {
    name: "body-memory",
    placeholder: "BYTES",
    default: "134217728",
    description: "Memory for large bodies under way; unknown callers have half of it, one caller a quarter.",
    parse: wholeNumber(65_536, 1024 ** 4),
  },
  /** In milliseconds. */
  requestTimeout: {
    name: "request-timeout",
    placeholder: "TIME",
    default: "30s",
    description: "How long a request may take, as in 30s or 500ms.",
    parse: timeBetween("10ms", "1h"),
  },
  loadLimit: {
    name: "load-limit",
    placeholder: "N",
    default: "1000",
    description: "Requests worked on at once; more are answered 503.",
    parse: wholeNumber(1, 1_000_000),
  },
  connectionLimit: {
    name: "connection-limit",
    placeholder: "N",
    default: "10000",
    description: "Connections at once; more are answered 503.",
    parse: wholeNumber(1, 1_000_000),
  },
  networkConnectionLimit: {
    name: "network-connection-limit",
    placeholder: "N",
    default: "2000",
    description: "Connections of one IPv4 address or IPv6 /64 at once; more are answered 429.",
    parse: wholeNumber(1, 1_000_000),
  },
  socketLimit: {
    name: "socket-limit",
    placeholder: "N",
    default: "5000",
    description: "WebSockets at once; more are answered 503.",
    parse: wholeNumber(0, 1_000_000),
  },
  tokenSocketLimit: {
    name: "token-socket-limit",
    placeholder: "N",
    default: "1000",
    description: "WebSockets of one access token at once; more are answered 429.",
    parse: wholeNumber(0, 1_000_000),
  },
  trustProxy: {
    name: "trust-proxy",
    placeholder: "ADDRESSES",
    default: "off",
    description: "Proxies whose X-Forwarded-For is believed, as in 10.0.0.0/8,127.0.0.1; or off.",
    parse: wordOr("off", false as const, addressesAndNetworks),
  },
  publicUrl: {
    name: "public-url",
    placeholder: "URL",
    default: byRequests,
    description: "Where people reach the server, as in https://innbox.grand.example: links are made of it.",
    parse: wordOr(byRequests, undefined, publicAddress),
  },
  /** Seals the secrets in the database; without it, the key file does. */
  secretKey: {
    name: "secret-key",
    placeholder: "KEY",
    default: "",
    description: "Key that seals the secrets in the database: base64 or hexadecimal digits of 32 bytes.",
    isSecret: true,
    parse: wordOr("", undefined, secretKey),
  },
  secretKeyFile: {
    name: "secret-key-file",
    placeholder: "PATH",
    default: besideDatabase,
    description: "Key that seals secrets, made at the first start; INNBOX_SECRET_KEY may hold it instead.",
    parse: wordOr(besideDatabase, undefined, (text) => text),
  },
  /** As in `bot.internal` or `bot.internal:8443`. */
  webhookAllow: {
    name: "webhook-allow",
    placeholder: "HOSTS",
    default: "none",
    description: "Hosts that webhooks may call although they are internal or without TLS, as in bot.lan:8080,10.0.0.7.",
    parse: wordOr("none", [], hosts),
  },
  logBuffer: {
    name: "log-buffer",
    placeholder: "BYTES",
    default: "4194304",
    description: "Log lines that wait while they can't be written; more are lost, and counted.",
    parse: wholeNumber(4096, 1024 ** 3),
  },
  /** How long after the end of one check the next one begins, in milliseconds. */
  checkInterval: {
    name: "check-interval",
    placeholder: "TIME",
    default: "24h",
    description: "How often serve checks a SQLite file for damage, also at its start; or off.",
    parse: wordOr("off", undefined, timeBetween("100ms", "20d", ", or off")),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export const serverSettings: readonly Setting<unknown>[] = Object.values(settings);

/** Those of the database, which every command has that opens it. */
export const databaseSettings: readonly Setting<unknown>[] = [
  settings.database,
  settings.databaseConnections,
  settings.databasePartitions,
  settings.databasePrepare,
];

export function environmentVariable(setting: Setting<unknown>): string {
  return `INNBOX_${setting.name.toUpperCase().replaceAll("-", "_")}`;
}
