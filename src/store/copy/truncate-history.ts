import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { updatedThreadDocument } from "../../messaging/documents.ts";
import type { Db, Transaction } from "../db.ts";
import { query } from "../query.ts";
import type { MessageThreadRow } from "../rows.ts";
import { summarizeSome } from "../writing/stale-summaries.ts";

/**
 * Statements for a copy that serves no requests yet, so that none of them has to be quick. They are for SQLite alone.
 */
const statements = {
  letGo: query`UPDATE webhook_endpoint SET lease_holder = NULL`,
  forgetAttempts: query`DELETE FROM webhook_attempt`,
  forgetDeliveries: query`DELETE FROM webhook_delivery`,
  nothingWaits: query`
    UPDATE webhook_queue SET waiting_since = NULL, position = coalesce((
      SELECT max(created) FROM property_log WHERE property_log.enterprise_id = webhook_queue.enterprise_id
    ), 0)`,
  entries: query<never, { at: Microseconds }>`DELETE FROM property_log WHERE created > :at`,
  messages: query<never, { at: Microseconds }>`DELETE FROM message WHERE created > :at`,
  notes: query<never, { at: Microseconds }>`DELETE FROM note WHERE created > :at`,
  threads: query<never, { at: Microseconds }>`DELETE FROM message_thread WHERE created > :at`,
  keys: query<never, { at: Microseconds }>`DELETE FROM idempotency_key WHERE created > :at`,
  drafts: query<never, { at: Microseconds }>`DELETE FROM draft WHERE updated > :at`,
  ends: query`
    UPDATE property SET
      sequence = coalesce((SELECT max(sequence) FROM property_log AS log WHERE log.enterprise_id = property.enterprise_id), 0),
      created = coalesce((SELECT max(created) FROM property_log AS log WHERE log.enterprise_id = property.enterprise_id), 0)`,
  readings: query`
    UPDATE thread_reading SET position = min(position, (
      SELECT sequence FROM property WHERE property.enterprise_id = thread_reading.enterprise_id
    ))`,
  lastOfThreads: query<LastOfThread, { at: Microseconds }>`
    SELECT thread.enterprise_id, thread.id, thread.document,
      (
        SELECT max(log.created) FROM property_log AS log
        WHERE log.enterprise_id = thread.enterprise_id AND log.message_thread_id = thread.id
          AND log.kind IN ('ThreadAdded', 'MessageAdded', 'ThreadResolved', 'ThreadReopened')
      ) AS updated,
      (
        SELECT log.sequence FROM property_log AS log
        WHERE log.enterprise_id = thread.enterprise_id AND log.message_thread_id = thread.id AND log.kind = 'ThreadAdded'
      ) AS opened,
      (
        SELECT log.kind = 'ThreadResolved' FROM property_log AS log
        LEFT JOIN message ON message.enterprise_id = log.enterprise_id AND message.id = log.message_id
        WHERE log.enterprise_id = thread.enterprise_id AND log.message_thread_id = thread.id
          AND (
            log.kind IN ('ThreadAdded', 'ThreadResolved', 'ThreadReopened')
            OR message.document ->> '$.Sender.Discriminator' = 'Application'
          )
        ORDER BY log.sequence DESC LIMIT 1
      ) AS is_resolved
    FROM message_thread AS thread
    WHERE thread.updated > :at`,
  // Its summary is made anew of the messages that are left; these are what a thread without any has.
  thread: query<never, TruncatedThread>`
    UPDATE message_thread SET updated = :updated, is_resolved = :isResolved, document = :document,
      last_position = :opened, last_words = NULL, counted = 0, summarized = 0
    WHERE enterprise_id = :enterpriseId AND id = :id`,
  // To be assigned does not update a thread.
  assignees: query`
    UPDATE message_thread SET assignee_id = coalesce((
      SELECT log.assignee_id FROM property_log AS log
      WHERE log.enterprise_id = message_thread.enterprise_id AND log.message_thread_id = message_thread.id
        AND log.kind = 'ThreadAssigned'
      ORDER BY log.created DESC LIMIT 1
    ), '${nilIdentifier}')`,
  forgetCounts: query`DELETE FROM inbox_count`,
  counts: query`
    INSERT INTO inbox_count (enterprise_id, assignee_id, open_threads, awaiting_threads, resolved_threads)
    SELECT enterprise_id, assignee_id, sum(counted <> 3), sum(counted = 2), sum(counted = 3)
    FROM message_thread WHERE counted <> 0 GROUP BY enterprise_id, assignee_id`,
  // The index follows the log anew.
  documents: query`DELETE FROM search_document`,
  words: query`DELETE FROM search_word`,
  index: query`INSERT INTO search_index (search_index) VALUES ('delete-all')`,
  progress: query`DELETE FROM search_progress`,
};

/** A thread with what its last entries that are left say; `opened` is the number of its first one. */
type LastOfThread = Pick<MessageThreadRow, "enterprise_id" | "id" | "document" | "updated" | "is_resolved"> & {
  readonly opened: number;
};

type TruncatedThread = {
  readonly enterpriseId: string;
  readonly id: string;
  readonly updated: Microseconds;
  readonly isResolved: 0 | 1;
  readonly document: string;
  readonly opened: number;
};

/** Clears the webhook leases in a copied database: they belong to the worker of the original. */
export async function letGoOfWebhooks(db: Db): Promise<void> {
  await db.transaction((transaction) => transaction.run(statements.letGo));
}

/**
 * Deletes what was written after a time from a copy of a database on SQLite, and all deliveries of webhooks, so that
 * nothing is sent from the copy. Without a time only the deliveries are deleted.
 */
export async function truncateHistoryAt(db: Db, at: Microseconds | undefined): Promise<void> {
  await db.transaction(async (transaction) => {
    if (at !== undefined) await deleteLater(transaction, at);
    for (const name of ["forgetAttempts", "forgetDeliveries", "nothingWaits"] as const) {
      await transaction.run(statements[name]);
    }
  });
  while ((await summarizeSome(db)) > 0);
}

async function deleteLater(transaction: Transaction, at: Microseconds): Promise<void> {
  const laterThan = ["entries", "messages", "notes", "threads", "keys", "drafts"] as const;
  // A message belongs to a thread that is there.
  await transaction.script("PRAGMA defer_foreign_keys = ON");
  for (const name of laterThan) await transaction.run(statements[name], { at });
  for (const name of ["ends", "readings"] as const) await transaction.run(statements[name]);
  for (const thread of await transaction.all(statements.lastOfThreads, { at })) {
    const { enterprise_id: enterpriseId, id, updated, is_resolved: isResolved, opened } = thread;
    const document = updatedThreadDocument(thread.document, updated, isResolved === 1);
    await transaction.run(statements.thread, { enterpriseId, id, updated, isResolved, document, opened });
  }
  for (const name of ["assignees", "forgetCounts", "counts", "documents", "words", "index", "progress"] as const) {
    await transaction.run(statements[name]);
  }
}
