/** The published demo tokens of Client 1. Every sandbox accepts them, and no other server does. */
export const tokens = {
  ClientToken: "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
  AccessToken: "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
};

/** What the guest's chat says of itself in `Client`. */
export const chatClient = "Innbox guest chat 1.0.0";

export interface Property {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
}

/** The properties of the demo world, the primary one first. */
export const properties: readonly [Property, ...Property[]] = [
  { id: "851df8c8-90f2-4c4a-8e01-a4fc46b25178", name: "Gross", zone: "Europe/Budapest" },
  { id: "3fa85f64-5717-4562-b3fc-2c963f66afa6", name: "Net", zone: "Europe/Prague" },
  { id: "4d0201db-36f5-428b-8d11-4f0a65e960cc", name: "Third", zone: "Europe/Amsterdam" },
];

export interface Opener {
  readonly text: string;
  readonly subject: string;
}

/** First messages that a guest can send with one click. */
export const openers: readonly Opener[] = [
  { text: "Our flight lands at 23:40. Will anybody be at the desk?", subject: "Late arrival" },
  { text: "Is there vegan breakfast?", subject: "Breakfast" },
  { text: "🧳❓", subject: "🧳" },
];

/** The names of the guests who write one after the other. */
export const guestNames = ["Jane Guest", "Noor Haddad", "Émile Laurent", "Yuki Tanaka", "Tomás Rivera", "Ada Novák"];
