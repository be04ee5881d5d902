import { invalid } from "./problem.ts";

/** Where a database is: a file, or servers that keep copies of one. */
export type DatabasePlace =
  | { readonly engine: "sqlite"; readonly path: string }
  | { readonly engine: "postgres"; readonly url: string };

/** Over how many partitions PostgreSQL spreads the tables of a property's data, unless the operator sets another number. */
export const defaultPartitions = 16;

/**
 * What a database URL means: `sqlite:` and a path, absolute or relative to the working folder, or `postgres:`.
 * @throws Problem (invalid) for a URL of another kind
 */
export function databasePlace(url: string): DatabasePlace {
  if (/^postgres(?:ql)?:/.test(url)) {
    postgresServers(url);
    return { engine: "postgres", url };
  }
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (path === undefined || /^(?::|file:)/.test(path)) {
    throw invalid(
      "must be sqlite: and the path of a file, as in sqlite:data/innbox.db, or name a PostgreSQL database, as in " +
        "postgres://innbox:PASSWORD@db.example/innbox",
    );
  }
  return { engine: "sqlite", path };
}

/** One URL for each server that a URL with several hosts names. @throws Problem (invalid) for what is no such URL */
export function postgresServers(url: string): string[] {
  const [, scheme = "", user = "", hosts = "", rest = ""] =
    /^(postgres(?:ql)?:\/\/)([^@/?]*@)?([^/?@]+)(\/[^/?]+(?:\?.*)?)$/.exec(url) ?? [];
  const servers = hosts.split(",").map((host) => `${scheme}${user}${host}${rest}`);
  if (scheme === "" || !servers.every((server) => URL.canParse(server))) {
    throw invalid("must be postgres:// with a host and a database, as in postgres://innbox:PASSWORD@db.example/innbox");
  }
  return servers;
}

/** A database URL as it may be shown, with `PASSWORD` in place of its password. */
export function withoutPassword(url: string): string {
  return url
    .replace(/^(?!sqlite:)(\w+:(?:\/\/)?[^:@/[]*):(?:.*(?=@)|(?!\d{1,5}(?:[/?,]|$))[^/?]*)/, "$1:PASSWORD")
    .replace(/([?&]password=)[^&]*/gi, "$1PASSWORD");
}
