import type { Microseconds } from "../../core/clock.ts";
import type { MessageThread } from "../../protocol/connector/message-threads.ts";
import type { Message } from "../../protocol/connector/messages.ts";
import { type Db, firstRow, type Reader, type Transaction } from "../db.ts";
import { lateral, postgresOnly, query, sqliteOnly } from "../query.ts";
import type { PropertyRow, SearchProgressRow } from "../rows.ts";
import { propertyWord, type SearchedTexts, tsvectorText } from "./terms.ts";
import { wordsOf } from "./words.ts";

/**
 * How far a property's log is in the index: its entries from `oldest` to `newest`, of as many as `sequence` says. On SQLite,
 * `number` is what the index knows the property by.
 */
type Progress = Pick<SearchProgressRow, "oldest" | "newest"> &
  Pick<PropertyRow, "sequence"> &
  Partial<Pick<SearchProgressRow, "number">>;

interface EntryRow {
  readonly sequence: number;
  readonly created: Microseconds;
  readonly kind: "ThreadAdded" | "MessageAdded" | "NoteAdded";
  /** The documents of the thread and of the message, and the text of the note. */
  readonly thread: string;
  readonly message: string | null;
  readonly note: string | null;
}

/** How many letters one step looks at: meanwhile the process does nothing else. */
const maxLetters = 50_000;

/**
 * How long a statement of a step may take, in milliseconds. While a migration holds a table, a statement that waits for
 * it would hold up every writer behind it.
 */
const stepLimit = 3000;

export const queries = {
  begin: query<never, { enterpriseId: string }>`
    INSERT INTO search_progress (enterprise_id, oldest, newest)
    SELECT enterprise_id, sequence + 1, sequence FROM property WHERE enterprise_id = :enterpriseId
    ON CONFLICT (enterprise_id) DO NOTHING`,
  progress: query<Progress, { enterpriseId: string }>`
    SELECT ${sqliteOnly("progress.number,")} progress.oldest, progress.newest, property.sequence
    FROM search_progress AS progress
    ${lateral("property", "property", "property.enterprise_id = progress.enterprise_id")}
    WHERE progress.enterprise_id = :enterpriseId ${postgresOnly("FOR UPDATE OF progress SKIP LOCKED")}`,
  // Each of them is one look: as joins, PostgreSQL would read all that a property has when it thinks that this is little.
  entries: query<EntryRow, { enterpriseId: string; from: number; to: number }>`
    SELECT log.sequence, log.created, log.kind, (
      SELECT thread.document FROM message_thread AS thread
      WHERE thread.enterprise_id = :enterpriseId AND thread.id = log.message_thread_id
    ) AS thread, (
      SELECT message.document FROM message
      WHERE message.enterprise_id = :enterpriseId AND message.message_thread_id = log.message_thread_id
        AND message.created = log.created
    ) AS message, (
      SELECT note.text FROM note WHERE note.enterprise_id = :enterpriseId AND note.id = log.message_id
    ) AS note
    FROM property_log AS log
    WHERE log.enterprise_id = :enterpriseId AND log.sequence >= :from AND log.sequence <= :to
      AND log.kind IN ('ThreadAdded', 'MessageAdded', 'NoteAdded')
    ORDER BY log.sequence`,
  advance: query<never, { enterpriseId: string; oldest: number; newest: number }>`
    UPDATE search_progress SET oldest = :oldest, newest = :newest WHERE enterprise_id = :enterpriseId`,
  behind: query<
    { readonly id: string; readonly sequence: number; readonly newest: number | null; readonly oldest: number | null },
    { after: string; limit: number }
  >`
    SELECT enterprise.id, property.sequence, (
      SELECT progress.newest FROM search_progress AS progress WHERE progress.enterprise_id = enterprise.id
    ) AS newest, (
      SELECT progress.oldest FROM search_progress AS progress WHERE progress.enterprise_id = enterprise.id
    ) AS oldest
    FROM enterprise ${lateral("property", "property", "property.enterprise_id = enterprise.id")}
    WHERE enterprise.id > :after ORDER BY enterprise.id LIMIT :limit + 0`,
  isTaken: query<{ readonly id: number }, { id: number }>`${sqliteOnly(
    "SELECT id FROM search_document WHERE id = :id",
  )}`,
  addDocument: query<never, { id: number; number: number; sequence: number }>`${sqliteOnly(
    "INSERT INTO search_document (id, property, sequence) VALUES (:id, :number, :sequence)",
  )}`,
  addText: query<never, { id: number; property: string; sender: string; subject: string; text: string }>`${sqliteOnly(`
    INSERT INTO search_index (rowid, property, sender, subject, text)
    VALUES (:id, :property, :sender, :subject, :text)`)}`,
  addNumberedWords: query<never, { number: number; words: string }>`${sqliteOnly(`
    INSERT INTO search_word (property, word, uses) SELECT :number, key, value FROM json_each(:words) WHERE true
    ON CONFLICT (property, word) DO UPDATE SET uses = search_word.uses + excluded.uses`)}`,
  addDocuments: query<never, { enterpriseId: string; documents: string }>`${postgresOnly(`
    INSERT INTO search_document (enterprise_id, sequence, created, words)
    SELECT :enterpriseId, sequence, created, words
    FROM json_to_recordset(:documents::json) AS entry (sequence BIGINT, created BIGINT, words TSVECTOR)`)}`,
  addWords: query<never, { enterpriseId: string; words: string }>`${postgresOnly(`
    INSERT INTO search_word (enterprise_id, word, uses)
    SELECT :enterpriseId, key, value::bigint FROM json_each_text(:words::json)
    ON CONFLICT (enterprise_id, word) DO UPDATE SET uses = search_word.uses + excluded.uses`)}`,
};

/** A property, and whether the index lacks anything of its log. */
export interface IndexedProperty {
  readonly id: string;
  readonly isBehind: boolean;
}

/** The next properties behind one, by their ids. */
export async function propertiesAfter(reader: Reader, enterpriseId: string, limit: number): Promise<IndexedProperty[]> {
  const rows = await reader.all(queries.behind, { after: enterpriseId, limit });
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
    const progress = await progressOf(transaction, enterpriseId);
    if (!progress) return false;
    const { oldest, newest, sequence } = progress;
    const isNew = newest < sequence;
    const from = isNew ? newest + 1 : Math.max(1, oldest - limit);
    const to = isNew ? Math.min(sequence, newest + limit) : oldest - 1;
    if (from > to) return false;
    const found = await transaction.all(queries.entries, { enterpriseId, from, to });
    const entries = asManyAs(isNew ? found : found.toReversed());
    await addEntries(transaction, enterpriseId, progress.number, entries);
    const end = entries.length === found.length ? undefined : entries.at(-1)?.sequence;
    const reached = isNew ? { oldest, newest: end ?? to } : { oldest: end ?? from, newest };
    await transaction.run(queries.advance, { enterpriseId, ...reached });
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

/** Where the index is, locked against other nodes; `undefined` where one of them holds it, or the log has no entry yet. */
async function progressOf(transaction: Transaction, enterpriseId: string): Promise<Progress | undefined> {
  const progress = await firstRow(transaction, queries.progress, { enterpriseId });
  if (progress) return progress;
  await transaction.run(queries.begin, { enterpriseId });
  return firstRow(transaction, queries.progress, { enterpriseId });
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
    await transaction.run(queries.addNumberedWords, { number, words });
    return;
  }
  const rows = documents.map(({ sequence, created, ...texts }) => ({
    sequence,
    created,
    words: tsvectorText(enterpriseId, created, texts),
  }));
  await transaction.run(queries.addDocuments, { enterpriseId, documents: JSON.stringify(rows) });
  await transaction.run(queries.addWords, { enterpriseId, words });
}

async function addDocument(
  transaction: Transaction,
  enterpriseId: string,
  number: number,
  document: Document,
): Promise<void> {
  const { sequence, created } = document;
  const id = await freeId(transaction, created + (Number.parseInt(enterpriseId.slice(-3), 16) % spread));
  await transaction.run(queries.addDocument, { id, number, sequence });
  const [sender = "", subject = "", text = ""] = [document.sender, document.subject, document.text].map((words) =>
    words.join(" "),
  );
  await transaction.run(queries.addText, { id, property: propertyWord(number), sender, subject, text });
}

/** Many properties may have written something in the same microsecond: each looks for a place elsewhere, a little later. */
const spread = 1000;

async function freeId(transaction: Transaction, wanted: number): Promise<number> {
  for (let id = wanted; ; id += spread) {
    if (!(await firstRow(transaction, queries.isTaken, { id }))) return id;
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
