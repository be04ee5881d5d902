import Type from "typebox";
import Format from "typebox/format";
import { parseDateTime } from "./date-time.ts";

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// The names are JSON Schema's; the rules are those of the contract, section 1 (hyphens needed, any letter case;
// a zone designator is optional).
Format.Set("uuid", (value) => uuidPattern.test(value));
Format.Set("date-time", (value) => parseDateTime(value) !== undefined);

/** How many items a list of identifiers, a page or one `add` may have. */
export const maxItems = 1000;

/** An optional field: absent and `null` mean the same (contract, section 1). */
export function optional<T extends Type.TSchema & { type: string }>(schema: T) {
  // Refinements are hidden properties, which a spread would lose.
  const nullable = Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema));
  return Type.Optional(Type.Unsafe<Type.Static<T> | null>(Object.assign(nullable, { type: [schema.type, "null"] })));
}

/**
 * Adds a rule that JSON Schema can't say: neither a lone surrogate nor U+0000, so that every store keeps it exactly.
 */
function keptExactly<T extends Type.TString>(schema: T) {
  return Type.Refine(
    schema,
    (value: unknown) => typeof value !== "string" || (value.isWellFormed() && !value.includes("\0")),
    () => "must not contain U+0000 or a lone surrogate",
  );
}

/** Text with something to read in it, measured in Unicode code points. */
export function text(maxLength: number, options: Type.TStringOptions = {}) {
  return keptExactly(Type.String({ ...options, minLength: 1, maxLength, pattern: "\\S" }));
}

/** A string that may be empty. */
export function anyString(options: Type.TStringOptions = {}) {
  return keptExactly(Type.String(options));
}

export function uuid(description: string) {
  return Type.String({ format: "uuid", description });
}

export function dateTime(description: string) {
  return Type.String({ format: "date-time", description });
}

/** A field of an answer that is always there, and null where there is nothing to say. */
export function nullableText(description?: string) {
  return Type.Unsafe<string | null>({ type: ["string", "null"], ...(description !== undefined && { description }) });
}

export function nullableUuid(description: string) {
  return Type.Unsafe<string | null>({ type: ["string", "null"], format: "uuid", description });
}

export function nullableTime(description: string) {
  return Type.Unsafe<string | null>({ type: ["string", "null"], format: "date-time", description });
}

export function uuids(description: string) {
  return Type.Array(Type.String({ format: "uuid" }), { minItems: 1, maxItems, description });
}

export function timeInterval(description: string) {
  return Type.Object(
    {
      StartUtc: dateTime("Start of the interval."),
      EndUtc: dateTime("End of the interval, itself outside, unless it equals the start."),
    },
    { description },
  );
}
export type TimeInterval = Type.Static<ReturnType<typeof timeInterval>>;

export const Limitation = Type.Object(
  {
    Count: Type.Integer({ minimum: 1, maximum: maxItems, description: "How many items to answer at most." }),
    Cursor: optional(uuid("Only items older than the item with this identifier.")),
  },
  { description: "One page of the list. Without it, every match is answered at once." },
);
export type Limitation = Type.Static<typeof Limitation>;

/** What every request carries: who asks, with what right, and by which program. */
export const Credentials = Type.Object({
  ClientToken: text(1024, { description: "Token identifying the client application." }),
  AccessToken: text(1024, { description: "Access token of the client application." }),
  Client: text(1024, { description: "Name and version of the client application." }),
});

/** Live clients send these with every request. They are accepted and not used. */
export const Localization = Type.Object({
  LanguageCode: optional(anyString({ description: "Language of the caller; accepted and ignored." })),
  CultureCode: optional(anyString({ description: "Culture of the caller; accepted and ignored." })),
});

/** The fields of one operation, with those that every request has around them. */
export function requestOf<Fields extends Type.TProperties>(fields: Fields, options: Type.TObjectOptions = {}) {
  return Type.Object({ ...Credentials.properties, ...fields, ...Localization.properties }, options);
}
