/** An object of parsed JSON that nobody has checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object in a body; `undefined` for one that is missing, cut short or no object. */
export function parseObject(text: string | null): JsonObject | undefined {
  try {
    return objectIn(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}

export function objectIn(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The objects of a list; none where there is no list. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectIn).filter((each) => each !== undefined) : [];
}

export function textIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Identifiers in the form in which they are answered; none where there is no list. */
export function idsIn(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === "string").map((id) => id.toLowerCase())
    : [];
}
