import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchBrowser, openWindow } from "../support/browser/desk-browser.ts";
import { frontDesk } from "../support/browser/front-desk.ts";
import { net } from "../support/server/world.ts";

const script = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;
/** A control character that reverses the direction of all text after it. */
const override = "\u202Eevil\u2066";
const long = "All work and no play. ".repeat(3000).slice(0, 65_536);

suite("in a real browser", () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  test("what a hostile guest writes is shown as it is, and does nothing", async (t) => {
    const desk = await frontDesk(t);
    const alice = await desk.hire("Alice", { [net]: "Agent" });
    const { body } = await desk.call("messageThreads/add", {
      OriginalSender: `${override}${script}`.slice(0, 512),
      Subject: `${override}${script}`,
      EnterpriseId: net,
    });
    const MessageThreadId = body.MessageThreads[0]?.Id ?? "";
    const texts = [
      script,
      `${override} javascript:alert(1) https://example.com/${override}`,
      "\u202Bשלום\u202C world 👩‍👩‍👧",
      long,
    ];
    await desk.call("messages/add", { Messages: texts.map((Text) => ({ MessageThreadId, Text })) });
    const page = await openWindow(t, browser, desk.url, alice);
    await page.getByRole("option").first().click();
    const messages = page.getByRole("region", { name: "Messages" });
    await messages.getByText("<script>document.title='taken'</script>").first().waitFor();
    assert.equal(await page.locator("img[src='x'], script:not([src])").count(), 0);
    assert.notEqual(await page.title(), "taken");
    const links = await messages.getByRole("link").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    assert.ok(
      links.every((href) => href?.startsWith("https://example.com/")),
      `${links}`,
    );
    const width = await page.evaluate<boolean>("document.documentElement.scrollWidth <= innerWidth");
    assert.ok(width, "the page is no wider than the window");

    await messages.getByRole("button", { name: /Show all/ }).click();
    assert.ok((await messages.innerText()).includes(long.trim()), "a long message is there as a whole");
    await page.getByRole("textbox", { name: "Your reply" }).fill("Good evening.");
    await page.getByRole("textbox", { name: "Your reply" }).press("Enter");
    await messages.getByText("Good evening.").waitFor();
  });

  test("a text made to keep the page busy is shown, and the page answers", async (t) => {
    const desk = await frontDesk(t);
    const alice = await desk.hire("Alice", { [net]: "Agent" });
    const marks = "\u0301".repeat(250) + "\u0316".repeat(250);
    const opened = { OriginalSender: `a${marks}`, Subject: `http://a${"!".repeat(1000)}`, EnterpriseId: net };
    const { body } = await desk.call("messageThreads/add", opened);
    const MessageThreadId = body.MessageThreads[0]?.Id ?? "";
    const texts = [
      `http://a${"!".repeat(65_000)}`,
      `http://a${")".repeat(65_000)}`,
      `http://a.example/${").".repeat(32_000)}`,
      `see http://a ${"http://".repeat(9000)}`,
      `a${"\u0301".repeat(32_000)}${"\u0316".repeat(32_000)}`,
      `the end of the list: https://example.com/rooms_(2)).`,
    ];
    await desk.call("messages/add", { Messages: texts.map((Text) => ({ MessageThreadId, Text })) });
    const page = await openWindow(t, browser, desk.url, alice);
    await page.getByRole("option").first().click();
    const messages = page.getByRole("region", { name: "Messages" });
    await messages.getByText("the end of the list").waitFor();
    const folded = messages.getByRole("button", { name: /Show all/ });
    while ((await folded.count()) > 0) await folded.first().click();
    const links = await messages.getByRole("link").evaluateAll((all) => all.map((link) => link.textContent));
    assert.ok(links.includes("https://example.com/rooms_(2)"), `${links.map((link) => link.slice(0, 40))}`);
    await page.getByRole("textbox", { name: "Your reply" }).fill("Good evening.");
    await page.getByRole("textbox", { name: "Your reply" }).press("Enter");
    await messages.getByText("Good evening.").waitFor();
  });

  test("a thread of 10,000 messages opens at its end, and goes back to its beginning", async (t) => {
    const desk = await frontDesk(t);
    const alice = await desk.hire("Alice", { [net]: "Agent" });
    const { body } = await desk.call("messageThreads/add", {
      OriginalSender: "Guest",
      Subject: "Long",
      EnterpriseId: net,
    });
    const MessageThreadId = body.MessageThreads[0]?.Id ?? "";
    for (let from = 0; from < 10_000; from += 1000) {
      const Messages = Array.from({ length: 1000 }, (_, index) => ({
        MessageThreadId,
        Text: `Message ${from + index}.`,
      }));
      await desk.call("messages/add", { Messages });
    }
    const page = await openWindow(t, browser, desk.url, alice);
    await page.getByRole("option").first().click();
    const messages = page.getByRole("region", { name: "Messages" });
    await messages.getByText("Message 9999.").waitFor();
    for (let top = 9999; top > 9500; ) {
      await messages.evaluate((element) => element.scrollTo(0, 0));
      const earlier = top - 1;
      await messages.getByText(`Message ${earlier}.`, { exact: true }).waitFor({ state: "attached" });
      const [first = ""] = await messages.getByRole("article").allInnerTexts();
      const number = Number(/Message (\d+)\./.exec(first)?.[1]);
      top = number < top ? number : earlier;
    }
  });

  test("a long list scrolls to its end, and holds no more rows than are seen", async (t) => {
    const desk = await frontDesk(t);
    const alice = await desk.hire("Alice", { [net]: "Agent" });
    const open = (index: number) =>
      desk.call("messageThreads/add", { OriginalSender: `Guest ${index}`, Subject: "Stay", EnterpriseId: net });
    await open(0);
    await Promise.all(Array.from({ length: 298 }, (_, index) => open(index + 1)));
    await open(299);
    const page = await openWindow(t, browser, desk.url, alice);
    const list = page.getByRole("listbox");
    await page.getByRole("option", { name: "Guest 0 " }).waitFor();
    await list.press("End");
    await page.getByRole("option", { name: "Guest 299" }).waitFor();
    assert.ok((await page.getByRole("option").count()) < 60, "only what is seen is there");
  });
});
