import { daysBefore } from "./calendar-days.ts";
import { currentLanguage } from "./words/words.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Makes each format once, since that is slow. The browser's own zone stands in for one that it does not know. */
function dateFormat(zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const language = locale();
  const key = JSON.stringify([language, zone, options]);
  const known = formats.get(key);
  if (known) return known;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat(language, { ...options, ...(zone && { timeZone: zone }) });
  } catch {
    format = new Intl.DateTimeFormat(language, options);
  }
  formats.set(key, format);
  return format;
}

/** The browser's variety of the page's language, such as en-GB, for the way its user writes dates. */
function locale(): string {
  const language = currentLanguage();
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(language) && isLanguageTag(tag)) ?? language;
}

/** Chromium on a system whose locale is POSIX has the language en-US@posix, which no format takes. */
function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length > 0;
  } catch {
    return false;
  }
}

/** 14:05 */
export function timeOfDay(utc: string, zone?: string): string {
  return dateFormat(zone, { hour: "numeric", minute: "2-digit" }).format(new Date(utc));
}

/** Monday, 3 March 2026, 14:05, with the zone. */
export function fullTime(utc: string, zone?: string): string {
  return dateFormat(zone, {
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(new Date(utc));
}

/** Names a day in a zone, to tell days apart. */
export function dayKey(utc: string | number, zone?: string): string {
  return dateFormat(zone, { year: "numeric", month: "numeric", day: "numeric" }).format(new Date(utc));
}

/** Today, yesterday, Monday, 3 March or 3 March 2024. */
export function dayName(utc: string, zone: string | undefined, now: number): string {
  const days = daysBefore(utc, now, zone);
  if (days === 0 || days === 1) return capitalized(relative(-days, "day"));
  const time = new Date(utc);
  const isRecent = now - time.getTime() < 300 * day;
  return capitalized(
    dateFormat(zone, {
      weekday: "long",
      month: "long",
      day: "numeric",
      ...(!isRecent && { year: "numeric" }),
    }).format(time),
  );
}

/** As short as a list needs it: 14:05, Mon, 3 Mar, 3/3/24. */
export function shortTime(utc: string, zone: string | undefined, now: number): string {
  const time = new Date(utc);
  const days = daysBefore(utc, now, zone);
  if (days === 0) return timeOfDay(utc, zone);
  const age = now - time.getTime();
  // Seven days ago has the same name as today, so the date is shown from there on.
  if (days > 0 && days < 7) return dateFormat(zone, { weekday: "short" }).format(time);
  if (age < 300 * day) return dateFormat(zone, { month: "short", day: "numeric" }).format(time);
  return dateFormat(zone, { year: "2-digit", month: "numeric", day: "numeric" }).format(time);
}

/** How long something has lasted: 5 min, 3 hr, 2 days. */
export function duration(milliseconds: number, unitDisplay: "short" | "long" = "short"): string {
  const [value, unit] =
    milliseconds < hour
      ? [Math.max(1, Math.floor(milliseconds / minute)), "minute"]
      : milliseconds < 2 * day
        ? [Math.floor(milliseconds / hour), "hour"]
        : [Math.floor(milliseconds / day), "day"];
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay }).format(value);
}

/** Three minutes ago. */
export function ago(utc: string, now: number): string {
  const age = now - Date.parse(utc);
  if (age < minute) return relative(0, "minute");
  if (age < hour) return relative(-Math.floor(age / minute), "minute");
  if (age < day) return relative(-Math.floor(age / hour), "hour");
  return relative(-Math.floor(age / day), "day");
}

function relative(value: number, unit: Intl.RelativeTimeFormatUnit): string {
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(value, unit);
}

export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** 1 to 999 as they are, then 1.2K. */
export function compactNumber(value: number): string {
  return new Intl.NumberFormat(locale(), { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** Alice, Bob and Carol. */
export function listOf(names: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(names);
}

function capitalized(text: string): string {
  const first = [...text][0] ?? "";
  return first.toLocaleUpperCase(locale()) + text.slice(first.length);
}
