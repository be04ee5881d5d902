import type Type from "typebox";
import { maxItems } from "../../protocol/values.ts";

/** A JSON object as it was parsed. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * What a schema knows of a JSON value, as plain data that another thread can be given: `fields` of an object, `items` of
 * a list, no fields and no items for what is neither, and "any" where the schema says nothing that could be used.
 */
export type JsonShape =
  | "any"
  | { readonly fields?: Readonly<Record<string, JsonShape>>; readonly items?: JsonShape; readonly mostItems?: number };

interface SchemaLike {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, SchemaLike>>;
  readonly patternProperties?: unknown;
  readonly items?: SchemaLike;
  readonly maxItems?: number;
  readonly enum?: unknown;
  readonly const?: unknown;
}

export function shapeOf(schema: Type.TSchema): JsonShape {
  return shape(schema as SchemaLike);
}

function shape({ type, properties, patternProperties, items, maxItems: most, enum: values }: SchemaLike): JsonShape {
  const types = [type].flat();
  if (type === undefined) return values === undefined ? "any" : {};
  if (types.includes("object")) {
    if (!properties || patternProperties) return "any";
    const fields = Object.entries(properties).map(([name, field]) => [name, shape(field)] as const);
    return { fields: Object.fromEntries(fields) };
  }
  if (!types.includes("array")) return {};
  return items ? { items: shape(items), mostItems: most ?? maxItems } : "any";
}

/**
 * Leaves of a value only what its schema looks at, so that it is small however large it was. It is as valid or invalid as
 * before, for the same reason: of a list that is too long one item too many stays, and what should be no object or list
 * becomes an empty one.
 */
export function pruned(value: unknown, known: JsonShape): unknown {
  if (known === "any" || typeof value !== "object" || value === null) return value;
  const { fields, items, mostItems = maxItems } = known;
  if (Array.isArray(value)) {
    if (!items) return [];
    return value.slice(0, mostItems + 1).map((item: unknown) => pruned(item, items));
  }
  if (!fields) return {};
  const own = Object.entries(fields).filter(([name]) => Object.hasOwn(value, name));
  return Object.fromEntries(own.map(([name, field]) => [name, pruned(Reflect.get(value, name), field)]));
}
