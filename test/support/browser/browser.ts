import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { launchBrowser } from "./desk-browser.ts";

/** A page of a real browser, closed when the test ends. Requests to any other host than this machine fail the test. */
export async function openBrowser(t: TestContext): Promise<Page> {
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage();
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol === "data:" || hostname === "127.0.0.1") return;
    throw new Error(`The page asked ${request.url()}`);
  });
  return page;
}
