/** A table as a copy sees it. */
export interface CopiedTable {
  readonly name: string;
  /** The columns of its primary key, in order; `enterprise_id` leads those of a property's data. */
  readonly key: readonly string[];
  /** Columns that may be long. */
  readonly long?: readonly string[];
  /** Columns that hold what others have sent as it came. */
  readonly foreign?: readonly string[];
  /** Whether the fingerprint of a database covers it: it is small, and some row of it changes with almost every write. */
  readonly isFingerprinted?: boolean;
}

/**
 * Every table but those of the schema's own history: a row comes after those that it refers to. A migration that adds a
 * table adds it here.
 */
export const copiedTables: readonly CopiedTable[] = [
  { name: "installation", key: ["id"], isFingerprinted: true },
  { name: "client", key: ["id"], isFingerprinted: true },
  { name: "enterprise", key: ["id"], isFingerprinted: true },
  { name: "staff_user", key: ["id"], isFingerprinted: true },
  { name: "staff_membership", key: ["user_id", "enterprise_id"], isFingerprinted: true },
  { name: "staff_session", key: ["id"] },
  { name: "staff_link", key: ["digest"] },
  { name: "staff_device", key: ["digest", "user_id"] },
  { name: "staff_throttle", key: ["digest"] },
  { name: "integration", key: ["id"], isFingerprinted: true },
  { name: "integration_enterprise", key: ["integration_id", "enterprise_id"], isFingerprinted: true },
  { name: "access_token", key: ["digest"], isFingerprinted: true },
  { name: "property", key: ["enterprise_id"], isFingerprinted: true },
  { name: "property_log", key: ["enterprise_id", "sequence"] },
  { name: "message_thread", key: ["enterprise_id", "client_id", "created"], long: ["document"] },
  { name: "message", key: ["enterprise_id", "message_thread_id", "created"], long: ["document"] },
  { name: "note", key: ["enterprise_id", "id"], long: ["text"] },
  { name: "inbox_count", key: ["enterprise_id", "assignee_id"], isFingerprinted: true },
  { name: "thread_reading", key: ["enterprise_id", "message_thread_id", "user_id"] },
  { name: "draft", key: ["enterprise_id", "message_thread_id", "user_id"], long: ["text"] },
  { name: "saved_reply", key: ["enterprise_id", "shortcut", "language_code"], long: ["text"] },
  { name: "webhook_endpoint", key: ["id"], isFingerprinted: true },
  {
    name: "webhook_queue",
    key: ["enterprise_id", "webhook_endpoint_id", "integration_id"],
    isFingerprinted: true,
  },
  { name: "webhook_delivery", key: ["enterprise_id", "id"], long: ["body"] },
  {
    name: "webhook_attempt",
    key: ["enterprise_id", "webhook_delivery_id", "number"],
    long: ["request_headers", "response_headers", "response_body"],
    foreign: ["error", "response_body"],
  },
  {
    name: "idempotency_key",
    key: ["enterprise_id", "client_id", "operation", "key"],
    long: ["answer"],
  },
];

/** Whether its rows belong to properties. */
export function isPropertyTable({ key }: CopiedTable): boolean {
  return key[0] === "enterprise_id";
}
