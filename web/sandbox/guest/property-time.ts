import { properties } from "../server/demo.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** The time of day at a property, as its inbox shows it. @param time  milliseconds since 1970 */
export function timeAt(time: number, propertyId: string): string {
  const timeZone = properties.find(({ id }) => id === propertyId)?.zone ?? "UTC";
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", timeZone });
    formats.set(timeZone, format);
  }
  return format.format(time);
}
