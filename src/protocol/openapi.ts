import type Type from "typebox";
import { ErrorAnswer } from "./error-answer.ts";
import type { OperationDescription } from "./operation.ts";
import { GeneralWebhook, IntegrationWebhook } from "./webhooks.ts";

/** The tokens that examples are filled in with. */
export interface ExampleCredentials {
  readonly ClientToken: string;
  readonly AccessToken: string;
  readonly Client: string;
}

type Description = OperationDescription<Type.TSchema, Type.TSchema>;
type Json = Readonly<Record<string, unknown>>;

const errorStatuses: Readonly<Record<string, string>> = {
  400: "The request breaks a rule; the message names the property.",
  401: "The tokens are unknown, do not belong together, or are disabled.",
  408: "The request could not be served in time.",
  413: "The body is too large.",
  429: "Too many requests; try again after the seconds in Retry-After.",
  500: "Something went wrong on the server; the request was not carried out.",
  503: "The server is stopping or has too much to do; try again after the seconds in Retry-After.",
};

const requestId = { $ref: "#/components/headers/Request-Id" };
const retryAfter = { $ref: "#/components/headers/Retry-After" };

/** Describes the operations in OpenAPI 3.1, from the same schemas that validate. */
export function openApiDocument(
  descriptions: readonly Description[],
  version: string,
  credentials: ExampleCredentials,
): Json {
  const components: Record<string, unknown> = {};
  const schema = (source: Type.TSchema) => withComponents(source, components);
  const paths = Object.fromEntries(
    descriptions.map((description) => [
      `/api/connector/v1/${description.resource}/${description.action}`,
      { post: operationObject(description, credentials, schema) },
    ]),
  );
  const errorContent = { "application/json": { schema: schema(ErrorAnswer) } };
  return {
    openapi: "3.1.0",
    info: {
      title: "Innbox Connector API",
      version,
      description:
        "Open message threads on behalf of guests, add messages and read the property's replies. " +
        "What is marked (+) is an extension of Innbox.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths,
    webhooks: {
      general: { post: webhookObject("Messages of the client's threads", schema(GeneralWebhook)) },
      integration: { post: webhookObject("What happens to the client's integrations", schema(IntegrationWebhook)) },
    },
    components: {
      schemas: components,
      headers: {
        "Request-Id": { description: "Unique identifier of the request.", schema: { type: "string", format: "uuid" } },
        "Retry-After": { description: "Seconds to wait.", schema: { type: "integer", minimum: 1 } },
        "Idempotent-Replayed": {
          description: "(+) The answer to an earlier request with the same Idempotency-Key.",
          schema: { type: "string", const: "true" },
        },
      },
      responses: Object.fromEntries(
        Object.entries(errorStatuses).map(([status, text]) => [
          status,
          {
            description: text,
            headers: {
              "Request-Id": requestId,
              ...(["429", "503"].includes(status) && { "Retry-After": retryAfter }),
            },
            content: errorContent,
          },
        ]),
      ),
    },
  };
}

function operationObject(
  { resource, action, summary, description, input, output, example, idempotent }: Description,
  credentials: ExampleCredentials,
  schema: (source: Type.TSchema) => unknown,
): Json {
  const isList = action === "getAll";
  return {
    operationId: `${resource}_${action}`,
    tags: [resource],
    summary,
    description,
    ...(idempotent && { parameters: [idempotencyKey] }),
    ...(isList && { parameters: [prefer] }),
    requestBody: {
      required: true,
      content: {
        "application/json": { schema: schema(input), example: { ...credentials, ...example.request } },
      },
    },
    responses: {
      200: {
        description: "The request was carried out.",
        headers: {
          "Request-Id": requestId,
          ...(idempotent && { "Idempotent-Replayed": { $ref: "#/components/headers/Idempotent-Replayed" } }),
        },
        content: { "application/json": { schema: schema(output), example: example.answer } },
      },
      ...(isList && {
        204: {
          description: "The list is empty, and Prefer: return=minimal was sent.",
          headers: { "Request-Id": requestId },
        },
      }),
      ...Object.fromEntries(
        Object.keys(errorStatuses).map((status) => [status, { $ref: `#/components/responses/${status}` }]),
      ),
    },
  };
}

/** The headers of the Standard Webhooks scheme. */
const signatureHeaders = {
  "webhook-id": "(+) The same at every attempt: what has been seen once may be answered 200 and left alone.",
  "webhook-timestamp": "(+) When this attempt was made, in seconds since 1970.",
  "webhook-signature": "(+) Signatures of id, timestamp and body, with a space between them: one is enough.",
};

function webhookObject(summary: string, schema: unknown): Json {
  return {
    tags: ["webhooks"],
    summary,
    description:
      "Sent to the URL that is registered for the client. Answer within 5 seconds; what fails is sent again.",
    parameters: Object.entries(signatureHeaders).map(([name, description]) => ({
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

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "(+) Makes a retry safe: within 24 hours the same key with the same body answers the first answer again and adds " +
    "nothing.",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};

const prefer = {
  name: "Prefer",
  in: "header",
  required: false,
  description: "With return=minimal an empty list is answered 204 without a body.",
  schema: { type: "string" },
};

/** A copy in which every schema with a name is a reference to the component of that name. */
function withComponents(source: unknown, components: Record<string, unknown>): unknown {
  if (Array.isArray(source)) return source.map((item) => withComponents(item, components));
  if (typeof source !== "object" || source === null) return source;
  const { $id, ...rest } = source as Json;
  const copy = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withComponents(value, components)]));
  if (typeof $id !== "string") return copy;
  components[$id] = copy;
  return { $ref: `#/components/schemas/${$id}` };
}
