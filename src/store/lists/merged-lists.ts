import type { Value } from "../db.ts";

/**
 * A list that an index holds in order: a SELECT without order of its own. `shared` are the placeholders of what all
 * sources of a query have in common, `own` those of one source.
 */
export type Source = (shared: readonly string[], own: readonly string[]) => string;

/**
 * How many sources one statement merges. SQLite allows 500 and gets slower per row with each; PostgreSQL keeps a plan of
 * each statement for each connection, which takes 10 MB for so many.
 */
const maxSources = 64;

/** Lists of one kind: a source, and for each list the values of its own placeholders. */
export interface Sources {
  readonly source: Source;
  readonly own: readonly (readonly Value[])[];
}

/** How many parameters a query shares and each source has, and how many sources there are, rounded up. */
export interface Shape {
  readonly shared: number;
  readonly own: number;
  readonly sources: number;
}

/** Cuts many lists into as many as one statement merges. */
export function inStatements({ source, own }: Sources): Sources[] {
  const count = Math.ceil(own.length / maxSources);
  return Array.from({ length: count }, (_, index) => ({
    source,
    own: own.slice(index * maxSources, (index + 1) * maxSources),
  }));
}

/** Few statements serve every number of sources: above eight, those that are missing are null and match nothing. */
export function shapeOf(shared: readonly Value[], { own }: Sources): Shape {
  return { shared: shared.length, own: own[0]?.length ?? 0, sources: roundedUp(own.length) };
}

function roundedUp(count: number): number {
  return count <= 8 ? count : 2 ** Math.ceil(Math.log2(count));
}

export function parametersOf(shared: readonly Value[], sources: Sources, limit: number): Value[] {
  const shape = shapeOf(shared, sources);
  const missing = (shape.sources - sources.own.length) * shape.own;
  return [limit, ...shared, ...sources.own.flat(), ...new Array<null>(missing).fill(null)];
}

/**
 * The first items of many lists together. The database merges them as it goes along and reads no more of each than the
 * page needs, so the cost is that of the page and the number of lists, not of what they hold.
 */
// SQLite plans a statement anew at each value of a bare LIMIT parameter, which costs more than a short page.
export function mergedQuery(source: Source, shape: Shape, order: string): string {
  const shared = placeholders(2, shape.shared);
  const selects = Array.from({ length: shape.sources }, (_, position) =>
    source(shared, placeholders(2 + shape.shared + position * shape.own, shape.own)),
  );
  const [only] = selects;
  if (only && selects.length === 1) return `${only} ORDER BY ${order} LIMIT ?1 + 0`;
  // PostgreSQL keeps the order of an index in what it merges only if each list says that it has one.
  const ordered = selects.map((select) => `/*! ( */ ${select} /*! ORDER BY ${order} LIMIT ?1 + 0) */`);
  return `${ordered.join(" UNION ALL ")} ORDER BY ${order} LIMIT ?1 + 0`;
}

function placeholders(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `?${from + index}`);
}

/** A statement of many sources is a long text: made once for each source and number of sources. */
export function rememberedQuery(make: (source: Source, shape: Shape) => string) {
  const texts = new Map<Source, Map<number, string>>();
  return (source: Source, shape: Shape): string => {
    const ofSource = texts.get(source) ?? new Map<number, string>();
    texts.set(source, ofSource);
    const text = ofSource.get(shape.sources) ?? make(source, shape);
    ofSource.set(shape.sources, text);
    return text;
  };
}
