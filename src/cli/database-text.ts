import { resolve } from "node:path";
import { databasePlace, withoutPassword } from "../core/database-place.ts";

/** What must stand behind a command that a hint shows, so that it opens the same database. */
export function databaseArgument(database: string | undefined): string {
  return database ? ` --database '${withoutPassword(database).replaceAll("'", "'\\''")}'` : "";
}

/** Where everything is, for people. */
export function keptIn(database: string): string {
  const place = databasePlace(database);
  return place.engine === "sqlite" ? resolve(place.path) : withoutPassword(place.url);
}
