import type Type from "typebox";
import { Compile } from "typebox/schema";
import { invalid } from "../core/problem.ts";
import { maxItems } from "./values.ts";

/** Checks a value; returns it typed. @throws Problem (invalid) with the first thing that is wrong, in one sentence. */
export type Check<T> = (value: unknown) => T;

/** Compiles a schema, once, into a check. */
export function checkOf<T extends Type.TSchema>(schema: T): Check<Type.Static<T>> {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return value as Type.Static<T>;
    const [, [error]] = validator.Errors(withoutExcess(value));
    if (!error) throw invalid("The request is not valid.");
    throw invalid(
      sentence(
        error.keyword,
        fieldName(error.instancePath),
        error.params as Parameters,
        schemaAt(schema, error.schemaPath),
      ),
    );
  };
}

/** Cuts lists that are too long before the search for what is wrong, which visits every item. */
function withoutExcess(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, Array.isArray(item) ? item.slice(0, maxItems + 1) : item]),
  );
}

interface Parameters {
  readonly requiredProperties?: readonly string[];
  readonly type?: string | readonly string[];
  readonly limit?: number;
  readonly format?: string;
  readonly message?: string;
  readonly allowedValues?: readonly unknown[];
}

type SchemaLike = Readonly<Record<string, unknown>>;

const typeNames: Readonly<Record<string, string>> = {
  array: "an array",
  boolean: "true or false",
  integer: "an integer",
  null: "null",
  object: "an object",
  string: "a string",
};

const formatSentences: Readonly<Record<string, string>> = {
  uuid: "must be a UUID such as 7f9325f6-ef44-4911-89a8-ae51010a5aa4.",
  "innbox-duration": "must be a time as in 500ms, 30s, 5m, 75h or 7d.",
  "innbox-name": "must have 1 to 63 lower-case letters, digits and hyphens.",
  "date-time": "must be an ISO 8601 date-time such as 2022-03-03T00:00:00Z.",
};

function sentence(keyword: string, field: string, parameters: Parameters, schema: SchemaLike): string {
  const name = field || "The body";
  switch (keyword) {
    case "required":
      return `${join(field, parameters.requiredProperties?.[0] ?? "")} is required.`;
    case "type":
      if (schema.maximum !== undefined) return range(name, schema);
      return `${name} must be ${typeNames[[parameters.type].flat()[0] ?? ""] ?? "of another type"}.`;
    case "minimum":
    case "maximum":
      return range(name, schema);
    case "minLength":
    case "pattern":
      return `${name} must not be empty.`;
    case "maxLength":
      return `${name} must not be longer than ${parameters.limit} characters.`;
    case "minItems":
    case "maxItems":
      return `${name} must have ${schema.minItems} to ${schema.maxItems} items.`;
    case "enum":
      return `${name} must be one of ${parameters.allowedValues?.join(", ")}.`;
    case "format":
      return `${name} ${formatSentences[parameters.format ?? ""] ?? "is malformed."}`;
    case "~refine":
      return `${name} ${parameters.message}.`;
    default:
      return `${name} is not valid.`;
  }
}

function range(name: string, schema: SchemaLike): string {
  const kind = [schema.type].flat().includes("number") ? "a number" : "an integer";
  return `${name} must be ${kind} from ${schema.minimum} to ${schema.maximum}.`;
}

/** `/Messages/3/Text` is `Messages[3].Text`. */
function fieldName(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .reduce((name, part) => (/^\d+$/.test(part) ? `${name}[${part}]` : join(name, part)), "");
}

function join(parent: string, field: string): string {
  return parent ? `${parent}.${field}` : field;
}

/** The schema that a pointer such as `#/properties/Messages/items` names. */
function schemaAt(schema: Type.TSchema, pointer: string): SchemaLike {
  let found: unknown = schema;
  for (const part of pointer.split("/").slice(1)) found = (found as SchemaLike | undefined)?.[part];
  return (found ?? {}) as SchemaLike;
}
