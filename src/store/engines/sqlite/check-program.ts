import { DatabaseSync } from "node:sqlite";
import type { AnyAsked } from "../../query.ts";
import { damageOfTable, tablesOf } from "../integrity.ts";
import { rowsOf } from "./connection.ts";

/**
 * A program of its own, since nothing can interrupt a check of a large table but the end of the process. Prints what is
 * damaged, and nothing when all is well.
 */
function check(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  const all = (...asked: AnyAsked) => rowsOf((text) => database.prepare(text), asked);
  // Table by table: one long look at all of them would keep the write-ahead log from being emptied.
  for (const table of tablesOf(all)) {
    const damage = damageOfTable(all, table);
    if (damage === undefined) continue;
    process.stdout.write(damage);
    return;
  }
}

check(process.argv[2] ?? "");
