import type { Microseconds } from "../core/clock.ts";
import type { Exchange } from "../delivery/webhooks/attempt.ts";
import { formatDateTime } from "../protocol/date-time.ts";
import type { ClientRecord, IntegrationRecord, PropertyRecord } from "../protocol/staff/installation.ts";
import type { DeliveryRecord, ExchangeRecord, WebhookRecord } from "../protocol/staff/webhooks.ts";
import type { ListedClient, ListedEnterprise, ListedIntegration } from "../store/directory/directory.ts";
import type { ListedDeliveryRow } from "../store/webhooks/deliveries.ts";
import type { WebhookEndpointRow } from "../store/webhooks/endpoints.ts";

const kindNames = { general: "General", integration: "Integration" } as const;
const stateNames = { waiting: "Waiting", delivered: "Delivered", failed: "Failed" } as const;

export function clientRecord({ id, name, is_enabled, created }: ListedClient): ClientRecord {
  return { Id: id, Name: name, IsEnabled: is_enabled === 1, CreatedUtc: formatDateTime(created) };
}

export function propertyRecord(row: ListedEnterprise): PropertyRecord {
  return {
    Id: row.id,
    Name: row.name,
    TimeZoneIdentifier: row.time_zone_identifier,
    DefaultLanguageCode: row.default_language_code,
    IsEnabled: row.is_enabled === 1,
    CreatedUtc: formatDateTime(row.created),
  };
}

export function integrationRecord(row: ListedIntegration): IntegrationRecord {
  return {
    Id: row.id,
    ClientId: row.client_id,
    ClientName: row.client_name,
    PrimaryEnterpriseId: row.primary_enterprise_id,
    EnterpriseCount: row.enterprises,
    TokenCount: row.tokens,
    IsEnabled: row.is_enabled === 1,
    CreatedUtc: formatDateTime(row.created),
  };
}

export function webhookRecord(row: WebhookEndpointRow): WebhookRecord {
  return {
    Id: row.id,
    ClientId: row.client_id,
    ClientName: row.client_name,
    Kind: kindNames[row.kind],
    Url: withoutQuery(row.url),
    Events: JSON.parse(row.events) as string[],
    IsEnabled: row.is_enabled === 1,
    FailingSinceUtc: timeOrNull(row.failing_since),
    DisabledReason: row.disabled_reason,
    CreatedUtc: formatDateTime(row.created),
  };
}

export function deliveryRecord(row: ListedDeliveryRow): DeliveryRecord {
  return {
    Id: row.id,
    WebhookId: row.webhook_endpoint_id,
    ClientName: row.client_name,
    Kind: kindNames[row.kind],
    EnterpriseId: row.enterprise_id,
    IntegrationId: row.integration_id,
    State: stateNames[row.state],
    AttemptCount: row.attempts,
    LastStatus: row.status,
    LastError: row.error,
    NextAttemptUtc: timeOrNull(nextAttemptOf(row)),
    CreatedUtc: formatDateTime(row.created),
  };
}

/** The request that tested a webhook, and what came of it. */
export function exchangeRecord(sent: Exchange & { readonly requestBody: string }): ExchangeRecord {
  return {
    StartedUtc: formatDateTime(sent.started),
    Milliseconds: sent.latency / 1000,
    Status: sent.status,
    Error: sent.error,
    Request: { Headers: sent.requestHeaders, Body: sent.requestBody },
    Response: { Headers: sent.headers, Body: sent.body },
  };
}

/** A URL without what stands behind the question mark, which is often a token. */
function withoutQuery(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search ? "?…" : ""}`;
}

/** When a delivery is tried again after a failure; `null` for one that is not. */
function nextAttemptOf({ state, attempts, is_enabled, due }: ListedDeliveryRow): Microseconds | null {
  return state === "waiting" && attempts > 0 && is_enabled ? due : null;
}

function timeOrNull(time: Microseconds | null): string | null {
  return time === null ? null : formatDateTime(time);
}
