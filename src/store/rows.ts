// What the tables have, as the migrations make them. Written by `npm run rows`.
import type { Microseconds } from "../core/clock.ts";

export interface SchemaMigrationRow {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly applied: Microseconds;
  readonly runs_with: number | null;
}

export interface InstallationRow {
  readonly id: number;
  readonly kind: "sandbox" | "production" | null;
  readonly directory_version: number;
  readonly secret_key_check: Uint8Array | null;
  readonly webhooks_held_since: Microseconds | null;
}

export interface ClientRow {
  readonly id: string;
  readonly name: string;
  readonly token_digest: Uint8Array;
  readonly is_enabled: 0 | 1;
  readonly created: Microseconds;
}

export interface EnterpriseRow {
  readonly id: string;
  readonly name: string;
  readonly time_zone_identifier: string;
  readonly default_language_code: string;
  readonly is_enabled: 0 | 1;
  readonly created: Microseconds;
  readonly updated: Microseconds;
  readonly reply_target_minutes: number;
}

export interface IntegrationRow {
  readonly id: string;
  readonly client_id: string;
  readonly primary_enterprise_id: string;
  readonly is_enabled: 0 | 1;
  readonly created: Microseconds;
}

export interface IntegrationEnterpriseRow {
  readonly integration_id: string;
  readonly enterprise_id: string;
  readonly linked: Microseconds;
}

export interface AccessTokenRow {
  readonly digest: Uint8Array;
  readonly integration_id: string;
  readonly created: Microseconds;
  readonly expires: Microseconds | null;
}

export interface PropertyRow {
  readonly enterprise_id: string;
  readonly sequence: number;
  readonly created: Microseconds;
}

export interface MessageThreadRow {
  readonly enterprise_id: string;
  readonly client_id: string;
  readonly created: Microseconds;
  readonly id: string;
  readonly updated: Microseconds;
  readonly is_resolved: 0 | 1;
  readonly document: string;
  readonly assignee_id: string;
  readonly waiting_since: Microseconds | null;
  readonly last_words: string | null;
  readonly last_sender: string | null;
  readonly last_user_id: string | null;
  readonly last_position: number;
  readonly counted: 0 | 1 | 2 | 3;
  readonly summarized: Microseconds;
}

export interface MessageRow {
  readonly enterprise_id: string;
  readonly message_thread_id: string;
  readonly created: Microseconds;
  readonly id: string;
  readonly client_id: string;
  readonly document: string;
  readonly user_id: string | null;
}

export interface IdempotencyKeyRow {
  readonly enterprise_id: string;
  readonly client_id: string;
  readonly operation: string;
  readonly key: string;
  readonly created: Microseconds;
  readonly body_digest: Uint8Array;
  readonly answer: string;
}

export interface WebhookEndpointRow {
  readonly id: string;
  readonly client_id: string;
  readonly kind: "general" | "integration";
  readonly url: string;
  readonly events: string;
  readonly secret: Uint8Array;
  readonly old_secret: Uint8Array | null;
  readonly old_secret_expires: Microseconds | null;
  readonly is_enabled: 0 | 1;
  readonly disabled_reason: string | null;
  readonly failing_since: Microseconds | null;
  readonly leased_until: Microseconds;
  readonly lease_holder: string | null;
  readonly created: Microseconds;
}

export interface WebhookQueueRow {
  readonly enterprise_id: string;
  readonly webhook_endpoint_id: string;
  readonly integration_id: string;
  readonly position: Microseconds;
  readonly waiting_since: Microseconds | null;
}

export interface WebhookDeliveryRow {
  readonly enterprise_id: string;
  readonly id: string;
  readonly webhook_endpoint_id: string;
  readonly integration_id: string;
  readonly created: Microseconds;
  readonly state: "waiting" | "delivered" | "failed";
  readonly due: Microseconds;
  readonly attempts: number;
  readonly failures: number;
  readonly body: Uint8Array;
}

export interface WebhookAttemptRow {
  readonly enterprise_id: string;
  readonly webhook_delivery_id: string;
  readonly number: number;
  readonly started: Microseconds;
  readonly latency: Microseconds;
  readonly status: number | null;
  readonly error: string | null;
  readonly request_headers: string;
  readonly response_headers: string | null;
  readonly response_body: string | null;
}

export interface CopyProgressRow {
  readonly id: number;
  readonly source: string;
  readonly copied_table: string | null;
  readonly last_key: string | null;
  readonly copied_rows: number;
}

export interface StaffUserRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly password_hash: string | null;
  readonly is_owner: 0 | 1;
  readonly is_enabled: 0 | 1;
  readonly preferences: string;
  readonly failures: number;
  readonly failed: Microseconds;
  readonly created: Microseconds;
}

export interface StaffMembershipRow {
  readonly user_id: string;
  readonly enterprise_id: string;
  readonly role: "Agent" | "Manager";
  readonly created: Microseconds;
}

export interface StaffSessionRow {
  readonly id: string;
  readonly digest: Uint8Array;
  readonly user_id: string;
  readonly user_agent: string;
  readonly address: string;
  readonly created: Microseconds;
  readonly last_used: Microseconds;
}

export interface StaffLinkRow {
  readonly digest: Uint8Array;
  readonly purpose: "FirstOwner" | "Invitation" | "Reset";
  readonly user_id: string | null;
  readonly created: Microseconds;
  readonly expires: Microseconds;
  readonly maker_id: string | null;
}

export interface PropertyLogRow {
  readonly enterprise_id: string;
  readonly sequence: number;
  readonly created: Microseconds;
  readonly kind: "ThreadAdded" | "MessageAdded" | "ThreadResolved" | "ThreadReopened" | "NoteAdded" | "ThreadAssigned";
  readonly client_id: string;
  readonly message_thread_id: string;
  readonly message_id: string | null;
  readonly user_id: string | null;
  readonly assignee_id: string | null;
}

export interface NoteRow {
  readonly enterprise_id: string;
  readonly id: string;
  readonly message_thread_id: string;
  readonly user_id: string;
  readonly created: Microseconds;
  readonly text: string;
}

export interface InboxCountRow {
  readonly enterprise_id: string;
  readonly assignee_id: string;
  readonly open_threads: number;
  readonly awaiting_threads: number;
  readonly resolved_threads: number;
}

export interface ThreadReadingRow {
  readonly enterprise_id: string;
  readonly message_thread_id: string;
  readonly user_id: string;
  readonly position: number;
}

export interface DraftRow {
  readonly enterprise_id: string;
  readonly message_thread_id: string;
  readonly user_id: string;
  readonly text: string;
  readonly updated: Microseconds;
}

export interface SavedReplyRow {
  readonly enterprise_id: string;
  readonly shortcut: string;
  readonly language_code: string;
  readonly id: string;
  readonly text: string;
  readonly updated: Microseconds;
}

export interface SearchProgressRow {
  readonly number: number;
  readonly enterprise_id: string;
  readonly oldest: number;
  readonly newest: number;
}

export interface SearchDocumentRow {
  readonly id: number;
  readonly property: number;
  readonly sequence: number;
}

export interface SearchWordRow {
  readonly property: number;
  readonly word: string;
  readonly uses: number;
}

export interface StaffThrottleRow {
  readonly digest: Uint8Array;
  readonly failures: number;
  readonly failed: Microseconds;
  readonly expires: Microseconds;
}

export interface StaffDeviceRow {
  readonly user_id: string;
  readonly digest: Uint8Array;
  readonly created: Microseconds;
  readonly last_used: Microseconds;
}
