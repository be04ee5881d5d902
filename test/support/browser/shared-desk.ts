import type { TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import { en } from "../../../web/inbox/words/en.ts";
import { net } from "../server/world.ts";
import { type FrontDesk, frontDesk, type Receptionist } from "./front-desk.ts";

export interface Desk {
  readonly desk: FrontDesk;
  readonly alice: Receptionist;
  readonly bob: Receptionist;
  /** Reads in another browser what arrived at the server. */
  readonly owner: Receptionist;
  /** The thread of a guest who waits for an answer. */
  readonly threadId: string;
}

/** Two receptionists, an owner who is elsewhere, and a guest who waits. */
export async function sharedDesk(t: TestContext): Promise<Desk> {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent" });
  const owner = await desk.hire("Olga", "Owner");
  const thread = { OriginalSender: "Jane Guest", Subject: "My stay", EnterpriseId: net };
  const { body } = await desk.call("messageThreads/add", thread);
  const threadId = body.MessageThreads[0]?.Id ?? "";
  await desk.call("messages/add", { Messages: [{ MessageThreadId: threadId, Text: "Is there parking?" }] });
  return { desk, alice, bob, owner, threadId };
}

/** Who of the property wrote what in the thread, as the server has it. */
export async function answers({ alice, owner, threadId }: Desk): Promise<readonly string[]> {
  const { Items } = await owner.open(threadId);
  const own = Items.filter(({ Kind, Sender }) => Kind === "NoteAdded" || Sender === "Enterprise");
  return own.map(({ UserId, Text }) => `${UserId === alice.id ? "Alice" : "Bob"}: ${Text}`);
}

export const row = (page: Page): Locator => page.getByRole("option", { name: "Jane Guest" });
export const messages = (page: Page): Locator => page.getByRole("region", { name: "Messages" });
export const composer = (page: Page): Locator => page.getByRole("textbox", { name: "Your reply" });
export const email = (page: Page): Locator => page.getByRole("textbox", { name: "E-mail" });
export const inbox = (page: Page): Locator => page.getByRole("navigation", { name: "Views" });
export const takenOver = (page: Page): Locator => page.getByRole("heading", { name: en.otherPersonTitle });

export async function open(page: Page): Promise<void> {
  await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: /^Open/ }).click();
  await row(page).click();
  await messages(page).getByText("Is there parking?").waitFor();
}

export async function write(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** Waits until a message has reached the server. */
export async function arrives(page: Page, text: string): Promise<void> {
  await messages(page).getByText(text).waitFor();
  await messages(page).locator(".outgoing").waitFor({ state: "detached" });
}

export async function signIn(page: Page, name: string): Promise<void> {
  await email(page).fill(`${name}@hotel.example`);
  await page.locator('input[type="password"]').fill("correct horse battery");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await inbox(page).waitFor();
}

export async function signOut(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type("sign out");
  await page.keyboard.press("Enter");
}

/** Replaces the browser's session cookie by another person's, without any page being told. */
export async function swapCookie(page: Page, { cookie }: Receptionist): Promise<void> {
  const [name = "", value = ""] = cookie.split("=");
  await page.context().addCookies([{ name, value, url: new URL(page.url()).origin }]);
}

/** Everything that pages have stored in the browser, and what is on the screen. */
export function everythingIn(page: Page): Promise<string> {
  return page.evaluate(`(async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), await caches.keys(), history.state,
    document.documentElement.outerHTML, [...document.querySelectorAll("textarea, input")].map(({ value }) => value),
  ]))()`);
}
