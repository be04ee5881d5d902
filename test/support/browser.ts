import type { TestContext } from "node:test";
import chromium from "@sparticuz/chromium";
import { type Page, chromium as playwright } from "playwright-core";

/** A page of a real browser, closed when the test ends. Requests to any other host than this machine fail the test. */
export async function openBrowser(t: TestContext): Promise<Page> {
  const executablePath = await chromium.executablePath();
  const browser = await playwright.launch({ executablePath, args: chromium.args, headless: true });
  t.after(() => browser.close());
  const page = await browser.newPage();
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol === "data:" || hostname === "127.0.0.1") return;
    throw new Error(`The page asked ${request.url()}`);
  });
  return page;
}
