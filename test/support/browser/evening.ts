import type { TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import { net } from "../server/world.ts";
import { type FrontDesk, frontDesk, type Receptionist } from "./front-desk.ts";

export interface Evening {
  readonly desk: FrontDesk;
  readonly alice: Receptionist;
  readonly bob: Receptionist;
}

/** Two receptionists at Net, and a partner whose guests write. */
export async function evening(t: TestContext): Promise<Evening> {
  const desk = await frontDesk(t);
  return {
    desk,
    alice: await desk.hire("Alice", { [net]: "Agent" }),
    bob: await desk.hire("Bob", { [net]: "Manager" }),
  };
}

export async function guestWrites(
  { desk }: Evening,
  OriginalSender: string,
  Text: string,
  Subject = "My stay",
): Promise<string> {
  const { body } = await desk.call("messageThreads/add", { OriginalSender, Subject, EnterpriseId: net });
  const MessageThreadId = body.MessageThreads[0]?.Id ?? "";
  await writesAgain({ desk }, MessageThreadId, Text);
  return MessageThreadId;
}

export async function writesAgain(
  { desk }: Pick<Evening, "desk">,
  MessageThreadId: string,
  ...texts: readonly string[]
) {
  await desk.call("messages/add", { Messages: texts.map((Text) => ({ MessageThreadId, Text })) });
}

/** What the property has answered in a thread, as the partner reads it. */
export async function answers({ desk }: Evening, threadId: string): Promise<string[]> {
  const { body } = await desk.call("messages/getAll", { MessageThreadIds: [threadId], Limitation: { Count: 100 } });
  const own = body.Messages.filter(({ Sender }) => Sender.Discriminator === "Enterprise");
  return own.map(({ Text }) => Text).reverse();
}

export const row = (page: Page, guest: string): Locator => page.getByRole("option", { name: guest });
export const messages = (page: Page): Locator => page.getByRole("region", { name: "Messages" });
export const composer = (page: Page): Locator => page.getByRole("textbox", { name: "Your reply" });

export async function open(page: Page, guest: string): Promise<void> {
  await row(page, guest).click();
  await composer(page).waitFor();
}
