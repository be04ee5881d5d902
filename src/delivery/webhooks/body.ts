import type { Event } from "../../protocol/connector/events.ts";
import type { GeneralWebhook } from "../../protocol/connector/webhooks.ts";
import type { LogEvent } from "../../store/log/log-events.ts";

/** An event as webhooks announce it (contract, section 6). */
type AnnouncedEvent = Pick<Event, "Discriminator" | "Value">;

export function announcedEvent({ kind, message_id, message_thread_id }: LogEvent): AnnouncedEvent {
  if (kind === "MessageAdded" && message_id !== null) {
    return { Discriminator: "MessageAdded", Value: { Id: message_id, MessageThreadId: message_thread_id } };
  }
  return {
    Discriminator: "MessageThreadUpdated",
    Value: { Id: message_thread_id, MessageThreadId: message_thread_id },
  };
}

/** The body of a general webhook. A hundred events of this form take some 14 kB of the 20 kB that are allowed. */
export function generalBody(enterpriseId: string, integrationId: string, events: readonly AnnouncedEvent[]): string {
  const body: GeneralWebhook = { EnterpriseId: enterpriseId, IntegrationId: integrationId, Events: [...events] };
  return JSON.stringify(body);
}
