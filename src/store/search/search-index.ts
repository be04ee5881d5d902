import type { Microseconds } from "../../core/clock.ts";
import type { MessageThread } from "../../protocol/connector/message-threads.ts";
import type { Message } from "../../protocol/connector/messages.ts";
import { type Db, firstRow, type Reader, type Transaction } from "../db.ts";
import { propertyWord, type SearchedTexts, tsvectorText } from "./terms.ts";
import { wordsOf } from "./words.ts";

/** How far a property's log is in the index: its entries from `oldest` to `newest`. */
interface ProgressRow {
  readonly oldest: number;
  readonly newest: number;
  /** The last number of the log. */
  readonly sequence: number;
  /** On SQLite, what the index knows the property by. */
  readonly number?: number;
}

interface EntryRow {
  readonly sequence: number;
  readonly created: Microseconds;
  readonly kind: "ThreadAdded" | "MessageAdded" | "NoteAdded";
  readonly thread: string;
  readonly message: string | null;
  readonly note: string | null;
}

/** How many letters one step looks at: meanwhile the process does nothing else. */
const maxLetters = 50_000;

/** How long a statement of a step may take, in milliseconds: whoever has locked a table is in nobody else's way. */
const stepLimit = 3000;

export const queries = {
  begin: `
    INSERT INTO search_progress (enterprise_id, oldest, newest)
    SELECT enterprise_id, sequence + 1, sequence FROM property WHERE enterprise_id = ?1
    ON CONFLICT (enterprise_id) DO NOTHING`,
  // Each of them is one look: as joins, PostgreSQL would read all that a property has when it thinks that this is little.
  entries: `
    SELECT log.sequence, log.created, log.kind, (
      SELECT thread.document FROM message_thread AS thread
      WHERE thread.enterprise_id = ?1 AND thread.id = log.message_thread_id
    ) AS thread, (
      SELECT message.document FROM message
      WHERE message.enterprise_id = ?1 AND message.message_thread_id = log.message_thread_id
        AND message.created = log.created
    ) AS message, (
      SELECT note.text FROM note WHERE note.enterprise_id = ?1 AND note.id = log.message_id
    ) AS note
    FROM property_log AS log
    WHERE log.enterprise_id = ?1 AND log.sequence >= ?2 AND log.sequence <= ?3
      AND log.kind IN ('ThreadAdded', 'MessageAdded', 'NoteAdded')
    ORDER BY log.sequence`,
  advance: "UPDATE search_progress SET oldest = ?2, newest = ?3 WHERE enterprise_id = ?1",
  behind: `
    SELECT enterprise.id, property.sequence, (
      SELECT progress.newest FROM search_progress AS progress WHERE progress.enterprise_id = enterprise.id
    ) AS newest, (
      SELECT progress.oldest FROM search_progress AS progress WHERE progress.enterprise_id = enterprise.id
    ) AS oldest
    FROM enterprise CROSS JOIN property ON property.enterprise_id = enterprise.id
    WHERE enterprise.id > ?1 ORDER BY enterprise.id LIMIT ?2 + 0`,
};

/** What each engine has its own words for. */
export const ownQueries = {
  sqlite: {
    progress: `
      SELECT progress.number, progress.oldest, progress.newest, property.sequence
      FROM search_progress AS progress CROSS JOIN property ON property.enterprise_id = progress.enterprise_id
      WHERE progress.enterprise_id = ?1`,
    taken: "SELECT id FROM search_document WHERE id = ?1",
    addDocument: "INSERT INTO search_document (id, property, sequence) VALUES (?1, ?2, ?3)",
    addText: "INSERT INTO search_index (rowid, property, sender, subject, text) VALUES (?1, ?2, ?3, ?4, ?5)",
    addWords: `
      INSERT INTO search_word (property, word, uses) SELECT ?1, key, value FROM json_each(?2) WHERE true
      ON CONFLICT (property, word) DO UPDATE SET uses = search_word.uses + excluded.uses`,
  },
  postgres: {
    progress: `
      SELECT progress.oldest, progress.newest, property.sequence
      FROM search_progress AS progress CROSS JOIN property ON property.enterprise_id = progress.enterprise_id
      WHERE progress.enterprise_id = ?1 FOR UPDATE OF progress SKIP LOCKED`,
    addDocuments: `
      INSERT INTO search_document (enterprise_id, sequence, created, words)
      SELECT ?1, sequence, created, words
      FROM json_to_recordset(?2::json) AS entry (sequence BIGINT, created BIGINT, words TSVECTOR)`,
    addWords: `
      INSERT INTO search_word (enterprise_id, word, uses)
      SELECT ?1, key, value::bigint FROM json_each_text(?2::json)
      ON CONFLICT (enterprise_id, word) DO UPDATE SET uses = search_word.uses + excluded.uses`,
  },
} as const;

/** A property, and whether the index lacks anything of its log. */
export interface IndexedProperty {
  readonly id: string;
  readonly isBehind: boolean;
}

/** The next properties behind one, by their ids. */
export async function propertiesAfter(reader: Reader, enterpriseId: string, limit: number): Promise<IndexedProperty[]> {
  const rows = await reader.all<{ id: string; sequence: number; newest: number | null; oldest: number | null }>(
    queries.behind,
    enterpriseId,
    limit,
  );
  return rows.map(({ id, sequence, newest, oldest }) => ({
    id,
    isBehind: (newest ?? 0) < sequence || (oldest ?? 0) > 1,
  }));
}

/**
 * Adds the next entries of a property's log to the index: what is new first, and then what is older than what is there.
 * @param limit  how many entries to look at at most
 * @returns whether any are left; no, where another node is at it
 */
export function indexSome(db: Db, enterpriseId: string, limit: number): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const progress = await progressOf(transaction, db.engine, enterpriseId);
    if (!progress) return false;
    const { oldest, newest, sequence } = progress;
    const isNew = newest < sequence;
    const from = isNew ? newest + 1 : Math.max(1, oldest - limit);
    const to = isNew ? Math.min(sequence, newest + limit) : oldest - 1;
    if (from > to) return false;
    const found = await transaction.all<EntryRow>(queries.entries, enterpriseId, from, to);
    const entries = asManyAs(isNew ? found : found.toReversed());
    await addEntries(transaction, enterpriseId, progress.number, entries);
    const end = entries.length === found.length ? undefined : entries.at(-1)?.sequence;
    const reached = isNew ? { oldest, newest: end ?? to } : { oldest: end ?? from, newest };
    await transaction.run(queries.advance, enterpriseId, reached.oldest, reached.newest);
    return reached.newest < sequence || reached.oldest > 1;
  }, stepLimit);
}

/** The first entries, one at least, and no more letters than take a moment. */
function asManyAs(entries: readonly EntryRow[]): readonly EntryRow[] {
  let letters = 0;
  const end = entries.findIndex(({ message, note }, index) => {
    letters += (message ?? note ?? "").length;
    return letters > maxLetters && index > 0;
  });
  return end < 0 ? entries : entries.slice(0, end);
}

/** Where the index is, locked against other nodes; `undefined` where one of them has it, or nothing was ever written. */
async function progressOf(transaction: Transaction, engine: Db["engine"], enterpriseId: string) {
  const query = ownQueries[engine].progress;
  const progress = await firstRow<ProgressRow>(transaction, query, enterpriseId);
  if (progress) return progress;
  await transaction.run(queries.begin, enterpriseId);
  return firstRow<ProgressRow>(transaction, query, enterpriseId);
}

interface Document extends SearchedTexts {
  readonly sequence: number;
  readonly created: Microseconds;
}

async function addEntries(
  transaction: Transaction,
  enterpriseId: string,
  number: number | undefined,
  entries: readonly EntryRow[],
): Promise<void> {
  const uses = new Map<string, number>();
  const documents = entries.map((entry) => documentOf(entry, uses));
  const words = JSON.stringify(Object.fromEntries(uses));
  if (number !== undefined) {
    for (const document of documents) await addDocument(transaction, enterpriseId, number, document);
    await transaction.run(ownQueries.sqlite.addWords, number, words);
    return;
  }
  const rows = documents.map(({ sequence, created, ...texts }) => ({
    sequence,
    created,
    words: tsvectorText(enterpriseId, created, texts),
  }));
  await transaction.run(ownQueries.postgres.addDocuments, enterpriseId, JSON.stringify(rows));
  await transaction.run(ownQueries.postgres.addWords, enterpriseId, words);
}

async function addDocument(
  transaction: Transaction,
  enterpriseId: string,
  number: number,
  document: Document,
): Promise<void> {
  const { sender, subject, text, sequence, created } = document;
  const id = await freeId(transaction, created + (Number.parseInt(enterpriseId.slice(-3), 16) % spread));
  await transaction.run(ownQueries.sqlite.addDocument, id, number, sequence);
  const texts = [sender, subject, text].map((words) => words.join(" "));
  await transaction.run(ownQueries.sqlite.addText, id, propertyWord(number), ...texts);
}

/** Many properties may have written something in the same microsecond: each looks for a place elsewhere, a little later. */
const spread = 1000;

async function freeId(transaction: Transaction, wanted: number): Promise<number> {
  for (let id = wanted; ; id += spread) {
    if (!(await firstRow(transaction, ownQueries.sqlite.taken, id))) return id;
  }
}

/** What is searched of an entry. Words are counted where they were written: a thread's own with its first entry alone. */
function documentOf({ sequence, created, kind, thread, message, note }: EntryRow, uses: Map<string, number>): Document {
  const { OriginalSender, Subject } = JSON.parse(thread) as MessageThread;
  const written = note ?? (message ? (JSON.parse(message) as Message).Text : "");
  const [sender = [], subject = [], text = []] = [OriginalSender, Subject, written].map((each) =>
    wordsOf(each).map((word) => word.text),
  );
  const counted = kind === "ThreadAdded" ? [...sender, ...subject] : text;
  for (const word of new Set(counted)) uses.set(word, (uses.get(word) ?? 0) + 1);
  return { sequence, created, sender, subject, text };
}
