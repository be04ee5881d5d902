import type { Microseconds } from "../../core/clock.ts";
import { dataFile } from "../data/data-file.ts";
import { PlacesData } from "../data/data-schema.ts";
import type { DemoRandom } from "./demo-random.ts";

/** What the placeholders of a conversation stand for. */
export type DemoFacts = ReturnType<typeof demoFacts>;

const day = 86_400_000;

const places = dataFile("places.yaml", PlacesData, (data) => data);

/** What is around a property of the demo world. */
export function placeOf(property: string) {
  const all = places();
  return Object.entries(all).find(([name]) => name === property)?.[1] ?? all.Net;
}

/** Invents what a guest's conversation is about. The name of the colleague who answers is not part of it. */
export function demoFacts(random: DemoRandom, property: string, guest: string, language: string, opened: Microseconds) {
  const { amounts, cityNames, city, airport, restaurant, parking, transfer } = placeOf(property);
  const arrival = opened / 1000 + random.whole(1, 12) * day;
  const format = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  });
  const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "Europe/Prague" });
  return {
    guest,
    property,
    city: cityNames?.[language] ?? city,
    airport,
    restaurant,
    parking,
    transfer,
    link: `https://${property.toLowerCase()}.example`,
    room: `${random.whole(1, 5)}${String(random.whole(1, 24)).padStart(2, "0")}`,
    code: `${property.slice(0, 2).toUpperCase()}-${random.whole(10_000, 99_999)}`,
    flight: `${random.oneOf(["ZX", "QY", "XW"])} ${random.whole(210, 2890)}`,
    /** The local time at which the conversation begins. */
    now: clock.format(opened / 1000),
    late: random.oneOf(["23:20", "23:45", "00:15", "00:40", "1:10"]),
    early: random.oneOf(["7:20", "8:45", "9:30", "10:15"]),
    out: random.oneOf(["13:00", "14:00", "15:00"]),
    amount: random.oneOf(amounts),
    date: format.format(arrival),
    until: format.format(arrival + random.whole(2, 5) * day),
  };
}

/** The text, with what its placeholders stand for; `{me}` is who writes it. */
export function filled(text: string, facts: DemoFacts, me = ""): string {
  const values: Readonly<Record<string, string>> = { ...facts, me };
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}
