import type { Reader } from "../db.ts";
import { type Parameter, type Parameters, type Query, queryOf, renamed, type Sql, sql } from "../query.ts";

/** A source of lists, with whatever its lists are found by. */
export interface AnySource<R, Shared extends Parameters> {
  readonly select: Sql;
  /** The names of the parameters that each list has for itself. */
  readonly own: readonly string[];
  /** Never there: it carries the types. */
  readonly rows?: ((shared: Shared) => R) | undefined;
}

/**
 * A list that an index holds in order: a SELECT of rows `R` without order of its own. All lists of a query have the
 * parameters `Shared` in common, and each of them has those of `Own` for itself.
 */
export interface Source<R, Shared extends Parameters, Own extends Parameters> extends AnySource<R, Shared> {
  readonly own: readonly (keyof Own & string)[];
}

/** Lists of one kind: a source, and for each list the values of its own parameters. `listsOf` makes them. */
export interface Lists<R, Shared extends Parameters> {
  readonly source: AnySource<R, Shared>;
  readonly own: readonly Parameters[];
}

export function listsOf<R, Shared extends Parameters, Own extends Parameters>(
  source: Source<R, Shared, Own>,
  own: readonly NoInfer<Own>[],
): Lists<R, Shared> {
  return { source, own };
}

/**
 * How many sources one statement merges. SQLite allows 500 and gets slower per row with each; PostgreSQL keeps a plan of
 * each statement for each connection, which takes 10 MB for so many.
 */
const maxSources = 64;

/** Cuts many lists into as many as one statement merges. */
export function inStatements<R, S extends Parameters>({ source, own }: Lists<R, S>): Lists<R, S>[] {
  const count = Math.ceil(own.length / maxSources);
  return Array.from({ length: count }, (_, index) => ({
    source,
    own: own.slice(index * maxSources, (index + 1) * maxSources),
  }));
}

/** Few statements serve every number of sources: the parameters of sources that are too many are null and match nothing. */
function roundedUp(count: number): number {
  return count <= 8 ? count : 2 ** Math.ceil(Math.log2(count));
}

type UnknownSource = AnySource<unknown, never>;

/** Makes a statement once for each source and number of sources, since one of many sources is a long text. */
export function mergedQuery<R>(make: (source: UnknownSource, count: number) => Sql) {
  const queries = new Map<UnknownSource, Map<number, Query<R, Parameters>>>();
  return (source: UnknownSource, lists: number): Query<R, Parameters> => {
    const ofSource = queries.get(source) ?? new Map<number, Query<R, Parameters>>();
    queries.set(source, ofSource);
    const count = roundedUp(lists);
    const query = ofSource.get(count) ?? queryOf<R, Parameters>(make(source, count));
    ofSource.set(count, query);
    return query;
  };
}

/** What a list's own parameter is called in a merged query. */
export function numberedName(name: string, index: number): string {
  return index === 0 ? name : `${name}${index}`;
}

/** What a merged query is asked: the parameters of each list but the first have its number. */
export function parametersOf<S extends Parameters>(
  shared: S,
  { source, own }: Lists<unknown, S>,
  limit: number,
): Parameters {
  const [first, ...others] = own;
  const one = { ...shared, ...first, limit };
  if (others.length === 0) return one;
  const parameters: Record<string, Parameter> = one;
  for (const [index, values] of others.entries()) {
    for (const name of source.own) parameters[numberedName(name, index + 1)] = values[name] ?? null;
  }
  return parameters;
}

/**
 * The first items of many lists together. The database merges them as it goes along and reads no more of each than the
 * page needs, so the cost is that of the page and the number of lists, not of what they hold.
 */
// SQLite plans a statement anew at each value of a bare LIMIT parameter, which costs more than a short page.
export function mergedLists({ select, own }: UnknownSource, order: string, count: number): Sql {
  const selects = Array.from({ length: count }, (_, index) =>
    renamed(select, (name) => (own.includes(name) ? numberedName(name, index) : name)),
  );
  const [only] = selects;
  if (only && count === 1) return sql`${only} ORDER BY ${order} LIMIT :limit + 0`;
  return {
    sqlite: `${selects.map(({ sqlite }) => sqlite).join(" UNION ALL ")} ORDER BY ${order} LIMIT :limit + 0`,
    // PostgreSQL keeps the order of an index in what it merges only if each list says that it has one.
    postgres: `${selects
      .map(({ postgres }) => `(${postgres} ORDER BY ${order} LIMIT :limit + 0)`)
      .join(" UNION ALL ")} ORDER BY ${order} LIMIT :limit + 0`,
  };
}

/** Rows of many lists together, in an order of all of them. */
export interface MergedOrder<R> {
  /** As SQL has it. */
  readonly order: string;
  readonly compare: (a: R, b: R) => number;
  readonly query: (source: UnknownSource, lists: number) => Query<R, Parameters>;
}

export function mergedOrder<R>(order: string, compare: (a: R, b: R) => number): MergedOrder<R> {
  return { order, compare, query: mergedQuery<R>((source, count) => mergedLists(source, order, count)) };
}

/** The first `limit` rows of many lists together. */
export async function firstRows<R, S extends Parameters>(
  reader: Reader,
  { query, compare }: MergedOrder<R>,
  kinds: readonly Lists<R, S>[],
  shared: S,
  limit: number,
): Promise<R[]> {
  const statements = kinds.flatMap(inStatements);
  let first: R[] = [];
  for (const lists of statements) {
    const rows = await reader.all(query(lists.source, lists.own.length), parametersOf(shared, lists, limit));
    first = statements.length === 1 ? rows : [...first, ...rows].sort(compare).slice(0, limit);
  }
  return first;
}
