/** What a parameter or a column may hold. Integers stay within Number.MAX_SAFE_INTEGER. */
export type Value = string | number | null | Uint8Array;

/** What a statement may be asked: a value, or ids and the like as a list. */
export type Parameter = Value | readonly string[] | readonly number[];

/** By their names. */
export type Parameters = Readonly<Record<string, Parameter>>;

type NoParameters = Readonly<Record<never, Parameter>>;

/** A statement as an engine prepares it: its parameters have numbers, and `names` says what each of them is called. */
export interface Statement {
  readonly text: string;
  readonly names: readonly string[];
}

declare const types: unique symbol;

/** A statement in the words of both engines, with the type `R` of its rows and `P` of its parameters. */
export interface Query<R, P extends Parameters = NoParameters> {
  /** The text is empty where the query is the other engine's alone. */
  readonly sqlite: Statement;
  readonly postgres: Statement;
  /** Never there: it carries the types. */
  readonly [types]?: (parameters: P) => R;
}

/** The parameters of a query as the arguments of a call: none where it has none. */
export type Asked<P> = keyof P extends never ? [parameters?: P] : [parameters: P];

/** Any query, with whatever it is asked: what an engine is given, whose rows the query has typed. */
export type AnyAsked = readonly [query: Query<unknown, never>, parameters?: Parameters];

/** A piece of SQL in the words of both engines. Its parameters have names, as in `:enterpriseId`. */
export interface Sql {
  readonly sqlite: string;
  readonly postgres: string;
}

type Piece = string | number | Sql;

/** SQL that both engines share, around pieces that each of them says in its own words. */
export function sql(texts: readonly string[], ...pieces: readonly Piece[]): Sql {
  const text = (engine: keyof Sql) =>
    texts.reduce((text, next, index) => {
      const piece = pieces[index - 1] ?? "";
      return `${text}${typeof piece === "object" ? piece[engine] : piece}${next}`;
    });
  return { sqlite: text("sqlite"), postgres: text("postgres") };
}

/** A query of such SQL, as in ``query<{ name: string }, { id: string }>`SELECT name FROM client WHERE id = :id` ``. */
export function query<R = never, P extends Parameters = NoParameters>(
  texts: readonly string[],
  ...pieces: readonly Piece[]
): Query<R, P> {
  return queryOf(sql(texts, ...pieces));
}

/** The same for a piece that is there already. */
export function queryOf<R, P extends Parameters>({ sqlite, postgres }: Sql): Query<R, P> {
  return { sqlite: numbered(sqlite, "?"), postgres: numbered(postgres, "$") };
}

/** A `::` casts, and names no parameter. */
const parameter = /(?<!:):([a-z]\w*)/gi;

/** The same piece with other names for its parameters. */
export function renamed({ sqlite, postgres }: Sql, rename: (name: string) => string): Sql {
  const text = (words: string) => words.replace(parameter, (_, name: string) => `:${rename(name)}`);
  return { sqlite: text(sqlite), postgres: text(postgres) };
}

/** Numbers the parameters in the order in which they are first named. */
function numbered(text: string, sign: "?" | "$"): Statement {
  const names: string[] = [];
  const numberOf = (name: string) => {
    if (!names.includes(name)) names.push(name);
    return names.indexOf(name) + 1;
  };
  return { text: text.replace(parameter, (_, name: string) => `${sign}${numberOf(name)}`), names };
}

/** What SQLite has no need of, such as the locks of rows. */
export function postgresOnly(text: string): Sql {
  return { sqlite: "", postgres: text };
}

export function sqliteOnly(text: string): Sql {
  return { sqlite: text, postgres: "" };
}

/** A list that is a parameter, as rows with the column `value`. PostgreSQL takes its items for ids. */
export function each(parameter: string, alias: string): Sql {
  return {
    sqlite: `json_each(:${parameter}) AS ${alias}`,
    postgres: `unnest(:${parameter}::uuid[]) AS ${alias} (value)`,
  };
}

/**
 * Joins a table so that the engine looks at what stands before it first, and then, for each of those rows, at this
 * table. Without OFFSET, PostgreSQL would choose the order by itself.
 */
export function lateral(table: string, alias: string, condition: string | Sql): Sql {
  const on = sql`${condition}`;
  return {
    sqlite: `CROSS JOIN ${table} AS ${alias} ON ${on.sqlite}`,
    postgres: `CROSS JOIN LATERAL (SELECT * FROM ${table} AS ${alias} WHERE ${on.postgres} OFFSET 0) AS ${alias}`,
  };
}

/** Has SQLite use an index that it would not choose by itself. */
export function indexedBy(index: string): Sql {
  return sqliteOnly(`INDEXED BY ${index}`);
}
