import type { Row } from "../../../src/store/db.ts";
import { type Parameter, type Parameters, type Query, queryOf, type Sql, sql } from "../../../src/store/query.ts";

/** SQL of a test with numbered parameters (`?1`, `?2`, …) and their values, as the arguments of a database's methods. */
export function inSql<R = Row>(
  statement: string | Sql,
  ...values: readonly Parameter[]
): [Query<R, Parameters>, Parameters] {
  const { sqlite, postgres } = sql(["", ""], statement);
  const named = (text: string) => text.replace(/\?(\d+)/g, ":p$1");
  return [
    queryOf({ sqlite: named(sqlite), postgres: named(postgres) }),
    Object.fromEntries(values.map((value, index) => [`p${index + 1}`, value])),
  ];
}
