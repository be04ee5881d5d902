import { type Api, commonStatuses } from "../openapi.ts";
import { GeneralWebhook, IntegrationWebhook, PublishedWebhook } from "./webhooks.ts";

/** The tokens that examples are filled in with. */
export interface ExampleCredentials {
  readonly ClientToken: string;
  readonly AccessToken: string;
  readonly Client: string;
}

/** What comes before the name of an operation (contract, section 1, "Address"). */
export const connectorBasePath = "/api/connector/v1";

/** The Connector API as it is described. @param isStrict  without what goes beyond the published API */
export function connectorApi(credentials: ExampleCredentials, isStrict = false): Api {
  const headers = isStrict ? {} : signatureHeaders;
  const general = isStrict ? PublishedWebhook : GeneralWebhook;
  return {
    title: "Innbox Connector API",
    description:
      "Open message threads on behalf of guests, add messages and read the property's replies." +
      (isStrict ? "" : " What is marked (+) is an extension of Innbox."),
    basePath: connectorBasePath,
    exampleFields: credentials,
    statuses: { ...commonStatuses, 401: "The tokens are unknown, do not belong together, or are disabled." },
    parts: ({ schema }) => ({
      webhooks: {
        general: { post: webhookObject("Messages of the client's threads", schema(general), headers) },
        integration: {
          post: webhookObject("What happens to the client's integrations", schema(IntegrationWebhook), headers),
        },
      },
    }),
  };
}

/** The headers of the Standard Webhooks scheme. */
const signatureHeaders = {
  "webhook-id": "(+) The same at every attempt: what has been seen once may be answered 200 and left alone.",
  "webhook-timestamp": "(+) When this attempt was made, in seconds since 1970.",
  "webhook-signature": "(+) Signatures of id, timestamp and body, with a space between them: one is enough.",
};

function webhookObject(summary: string, schema: unknown, headers: Readonly<Record<string, string>>): object {
  return {
    tags: ["webhooks"],
    summary,
    description:
      "Sent to the URL that is registered for the client. Answer within 5 seconds; what fails is sent again.",
    parameters: Object.entries(headers).map(([name, description]) => ({
      name,
      in: "header",
      required: true,
      description,
      schema: { type: "string" },
    })),
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: {
      "2XX": { description: "Received." },
      410: { description: "Never send anything here again: disables the webhook." },
    },
  };
}
