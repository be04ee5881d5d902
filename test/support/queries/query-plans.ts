import pg from "pg";
import type { Value } from "../../../src/store/db.ts";

/** How PostgreSQL plans a prepared statement: for the values that it has now, or once for all. */
export const planKinds = ["custom", "generic"] as const;

export type PlanKind = (typeof planKinds)[number];

/** A step of a plan, as `EXPLAIN (FORMAT JSON)` has it. */
export interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly "Sort Key"?: readonly string[];
  readonly "Presorted Key"?: readonly string[];
  readonly "Total Cost": number;
  readonly Plans?: readonly PlanNode[];
}

/** What a statement did to a table, which may be one partition of it. */
export interface Touched {
  readonly table: string;
  /** Rows and entries of indexes that were read. */
  readonly read: number;
}

export interface Explained {
  readonly plan: PlanNode;
  /** Nothing, where the statement was planned and not carried out. */
  readonly touched: readonly Touched[];
}

/** Every step of a plan. */
export function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/**
 * Plans a statement as the driver has it planned, and carries it out if asked to; nothing of it stays.
 * @param settings  of the planner, for this statement alone
 */
export async function explain(
  client: pg.Client,
  text: string,
  values: readonly Value[],
  kind: PlanKind,
  { settings = {}, isCarriedOut = true }: { settings?: Readonly<Record<string, string>>; isCarriedOut?: boolean } = {},
): Promise<Explained> {
  // What was counted before is put where it does not show.
  await client.query("SELECT pg_stat_force_next_flush()");
  await client.query("BEGIN");
  try {
    for (const [name, value] of Object.entries({ ...settings, plan_cache_mode: `force_${kind}_plan` })) {
      await client.query(`SET LOCAL ${name} = ${value}`);
    }
    await client.query(`PREPARE explained AS ${text}`);
    const options = isCarriedOut ? "ANALYZE, TIMING OFF, FORMAT JSON" : "FORMAT JSON";
    const list = values.length > 0 ? `(${values.map(literal).join(", ")})` : "";
    const { rows } = await client.query<{ "QUERY PLAN": readonly { Plan: PlanNode }[] }>(
      `EXPLAIN (${options}) EXECUTE explained${list}`,
    );
    const plan = rows[0]?.["QUERY PLAN"][0]?.Plan;
    if (!plan) throw new Error(`There is no plan of ${text}`);
    return { plan, touched: isCarriedOut ? await touched(client) : [] };
  } finally {
    await client.query("ROLLBACK; DEALLOCATE ALL");
  }
}

/** The tables of ours that this transaction has looked into or changed. */
async function touched(client: pg.Client): Promise<Touched[]> {
  const { rows } = await client.query<Touched>(`
    SELECT relation.relname AS table, sum(pg_stat_get_xact_tuples_returned(each.oid))::integer AS read
    FROM pg_class AS relation
    JOIN LATERAL (
      SELECT relation.oid UNION ALL SELECT indexrelid FROM pg_index WHERE indrelid = relation.oid
    ) AS each ON true
    WHERE relation.relkind = 'r' AND relation.relnamespace = current_schema()::regnamespace
    GROUP BY relation.relname
    HAVING sum(pg_stat_get_xact_numscans(each.oid) + pg_stat_get_xact_tuples_inserted(each.oid)
      + pg_stat_get_xact_tuples_updated(each.oid) + pg_stat_get_xact_tuples_deleted(each.oid)) > 0`);
  return rows;
}

function literal(value: Value): string {
  if (value === null) return "NULL";
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString("hex")}'`;
  return pg.escapeLiteral(String(value));
}
