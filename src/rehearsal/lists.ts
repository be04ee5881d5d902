import { parseDateTime } from "../protocol/date-time.ts";
import type { Call } from "./conduct.ts";
import { type JsonObject, objectIn, objectsIn, textIn } from "./json-object.ts";

/** The property that has the items of each list. */
const itemProperties: Readonly<Record<string, string>> = {
  "messageThreads/getAll": "MessageThreads",
  "messages/getAll": "Messages",
  "events/getAll": "Events",
  "enterprises/getAll": "Enterprises",
};

/** An interval that a list was asked for, in milliseconds since 1970. */
export interface AskedInterval {
  readonly property: string;
  /** As they were written. */
  readonly texts: readonly [start: string, end: string];
  readonly start: number;
  readonly end: number;
}

/** A request for a list. */
export interface ListCall extends Call {
  readonly operation: string;
  /** Everything it asks, and of whom, but intervals and page: the same for those who ask the same again. */
  readonly filters: string;
  readonly intervals: readonly AskedInterval[];
  /** How many items it wants at most. */
  readonly count: number | undefined;
  /** After which item it goes on. */
  readonly cursor: string | undefined;
  /** What it was answered; `undefined` when that was an error, or is not recorded whole. */
  readonly items: readonly JsonObject[] | undefined;
}

/** All requests for lists, whatever they were answered. */
export function listCalls(calls: readonly Call[]): readonly ListCall[] {
  return calls.flatMap((call) => {
    const operation = call.entry.Operation ?? "";
    const itemProperty = itemProperties[operation];
    return itemProperty === undefined ? [] : [listCall(call, operation, itemProperty)];
  });
}

/** Whether it was answered with a list, empty or not. */
export function isAnswered({ entry }: ListCall): boolean {
  return entry.Status === 200 || entry.Status === 204;
}

function listCall(call: Call, operation: string, itemProperty: string): ListCall {
  const { Client: _client, ClientToken: _token, Limitation, LanguageCode: _l, CultureCode: _c, ...asked } = call.body;
  const filters = Object.entries(asked).filter(([name, value]) => value !== null && !name.endsWith("Utc"));
  const limitation = objectIn(Limitation);
  return {
    ...call,
    operation,
    filters: JSON.stringify([operation, ...filters.sort(([a], [b]) => (a < b ? -1 : 1))]),
    intervals: Object.entries(asked).flatMap(([property, value]) => intervalsIn(property, value)),
    count: typeof limitation?.Count === "number" ? limitation.Count : undefined,
    cursor: textIn(limitation?.Cursor)?.toLowerCase(),
    items: itemsOf(call, itemProperty),
  };
}

function itemsOf({ entry, answer }: Call, itemProperty: string): readonly JsonObject[] | undefined {
  if (entry.Status === 204) return [];
  return entry.Status === 200 && answer ? objectsIn(answer[itemProperty]) : undefined;
}

function intervalsIn(property: string, value: unknown): readonly AskedInterval[] {
  const { StartUtc, EndUtc } = objectIn(value) ?? {};
  const texts = [textIn(StartUtc) ?? "", textIn(EndUtc) ?? ""] as const;
  const [start, end] = texts.map((text) => (parseDateTime(text)?.second ?? Number.NaN) * 1000);
  if (start === undefined || end === undefined || Number.isNaN(start + end)) return [];
  return [{ property, texts, start, end }];
}
