import type Type from "typebox";
import { ErrorAnswer } from "./connector/error-answer.ts";
import { nameOf, type OperationDescription } from "./operation.ts";

type Json = Readonly<Record<string, unknown>>;

/** What all operations of an API have in common, as far as it is described. */
export interface Api {
  readonly title: string;
  readonly description: string;
  /** What comes before `/{resource}/{action}`. */
  readonly basePath: string;
  /** Goes into the example of every request. */
  readonly exampleFields?: object;
  /** Headers that every operation takes. */
  readonly parameters?: readonly Json[];
  /** The statuses of failures, and what they mean. */
  readonly statuses: Readonly<Record<number, string>>;
  /** Further parts of the document. */
  readonly parts?: (make: Makers) => Json;
}

/** What makes the pieces of a document. */
interface Makers {
  /** A schema whose named parts become components. */
  readonly schema: (source: Type.TSchema) => unknown;
  /** The response of a request that failed. */
  readonly failure: (description: string) => Json;
}

/** The statuses of failures that every API has. */
export const commonStatuses: Readonly<Record<number, string>> = {
  400: "The request breaks a rule; the message names the property.",
  408: "The request could not be served in time; nothing was stored.",
  413: "The body is too large.",
  429: "Too many requests; try again after the seconds in Retry-After.",
  500: "Something went wrong on the server; the request was not carried out.",
  503: "The server is stopping or has too much to do; try again after the seconds in Retry-After.",
};

const requestId = { $ref: "#/components/headers/Request-Id" };
const retryAfter = { $ref: "#/components/headers/Retry-After" };

/** The path of an operation (contract, section 1, "Address"). */
export function pathOf({ basePath }: Pick<Api, "basePath">, description: OperationDescription): string {
  return `${basePath}/${nameOf(description)}`;
}

/** Describes an API in OpenAPI 3.1, from the same schemas that validate. */
export function openApiDocument(api: Api, descriptions: readonly OperationDescription[], version: string): Json {
  const components: Record<string, unknown> = {};
  const schema = (source: Type.TSchema) => withComponents(source, components);
  const paths = Object.fromEntries(
    descriptions.map((description) => [pathOf(api, description), { post: operationObject(description, api, schema) }]),
  );
  const errorContent = { "application/json": { schema: schema(ErrorAnswer) } };
  const failure = (description: string) => ({ description, content: errorContent });
  const { paths: otherPaths = {}, ...parts } = api.parts?.({ schema, failure }) ?? {};
  return {
    openapi: "3.1.0",
    info: {
      title: api.title,
      version,
      description: api.description,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths: { ...paths, ...(otherPaths as Json) },
    ...parts,
    components: {
      schemas: components,
      headers: {
        "Request-Id": { description: "Unique identifier of the request.", schema: { type: "string", format: "uuid" } },
        "Retry-After": { description: "Seconds to wait.", schema: { type: "integer", minimum: 1 } },
        ...(descriptions.some(({ isIdempotent }) => isIdempotent) && { "Idempotent-Replayed": idempotentReplayed }),
      },
      responses: Object.fromEntries(
        Object.entries(api.statuses).map(([status, text]) => [
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
  {
    resource,
    action,
    summary,
    description,
    input,
    output,
    example,
    isIdempotent,
    hasMinimalAnswer,
  }: OperationDescription,
  { exampleFields, parameters: shared = [], statuses }: Api,
  schema: (source: Type.TSchema) => unknown,
): Json {
  const parameters = [...shared, ...(isIdempotent ? [idempotencyKey] : []), ...(hasMinimalAnswer ? [prefer] : [])];
  return {
    operationId: `${resource}_${action}`,
    tags: [resource],
    summary,
    description,
    ...(parameters.length > 0 && { parameters }),
    requestBody: {
      required: true,
      content: {
        "application/json": { schema: schema(input), example: { ...exampleFields, ...example.request } },
      },
    },
    responses: {
      200: {
        description: "The request was carried out.",
        headers: {
          "Request-Id": requestId,
          ...(isIdempotent && { "Idempotent-Replayed": { $ref: "#/components/headers/Idempotent-Replayed" } }),
        },
        content: { "application/json": { schema: schema(output), example: example.answer } },
      },
      ...(hasMinimalAnswer && {
        204: {
          description: "The list is empty, and Prefer: return=minimal was sent.",
          headers: { "Request-Id": requestId },
        },
      }),
      ...Object.fromEntries(
        Object.keys(statuses).map((status) => [status, { $ref: `#/components/responses/${status}` }]),
      ),
    },
  };
}

const idempotentReplayed = {
  description: "(+) The answer to an earlier request with the same Idempotency-Key.",
  schema: { type: "string", const: "true" },
};

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
