const milliseconds = 86_400_000;

const formats = new Map<string | undefined, Intl.DateTimeFormat>();

/** Makes each format once, since that is slow. The browser's own zone stands in for one that it does not know. */
function dateFormat(zone: string | undefined): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const options = {
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "numeric",
    day: "numeric",
  } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en", { ...options, ...(zone && { timeZone: zone }) });
  } catch {
    format = new Intl.DateTimeFormat("en", options);
  }
  formats.set(zone, format);
  return format;
}

/** The number of the day at a time in a zone. The next day of the calendar has the next number. */
function dayNumber(time: number, zone: string | undefined): number {
  const parts = new Map(
    dateFormat(zone)
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  );
  return Date.UTC(parts.get("year") ?? 0, (parts.get("month") ?? 1) - 1, parts.get("day") ?? 1) / milliseconds;
}

/**
 * How many days of a zone's calendar `utc` lies before `now`: 0 is today, 1 is yesterday. Days are counted on the
 * calendar, since those on which clocks change have 23 or 25 hours.
 */
export function daysBefore(utc: string, now: number, zone: string | undefined): number {
  return dayNumber(now, zone) - dayNumber(Date.parse(utc), zone);
}
