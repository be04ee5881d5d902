import type { CallWebhook } from "../../delivery/webhooks/call.ts";
import type { GeneralWebhook } from "../../protocol/connector/webhooks.ts";

/** Calls webhooks as it is published elsewhere: unsigned, and of nothing but messages, by their ids alone. */
export function publishedWebhooks(call: CallWebhook): CallWebhook {
  return (url, headers, body, ...rest) => {
    const unsigned = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("webhook-")));
    const webhook = JSON.parse(body) as Partial<GeneralWebhook>;
    if (!webhook.Events) return call(url, unsigned, body, ...rest);
    const events = webhook.Events.filter(({ Discriminator }) => Discriminator === "MessageAdded");
    if (events.length === 0) return Promise.resolve({ status: 204, headers: {}, body: "", error: null });
    const published = events.map(({ Discriminator, Value }) => ({ Discriminator, Value: { Id: Value.Id } }));
    return call(url, unsigned, JSON.stringify({ ...webhook, Events: published }), ...rest);
  };
}
