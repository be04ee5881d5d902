import type { IncomingHttpHeaders } from "node:http";
import { invalid, Problem } from "../../core/problem.ts";
import { actingForHeader, actingForParameter } from "../../protocol/staff/acting-for.ts";

/**
 * The person for whom a request says that it acts, in lower case; `undefined` when it does not say.
 *
 * All tabs of a browser share one cookie: a tab that was opened by one person would act as the next one who signs in.
 * So browsers must name the person. A request is a browser's when it has the header `Sec-Fetch-Site`, which no page can
 * set or leave out. A program that keeps a cookie of its own need not name the person.
 * @param found  what the header or the parameter holds
 * @throws Problem (invalid) when a browser does not say it
 */
export function actingFor(headers: IncomingHttpHeaders, found: string | string[] | null | undefined) {
  if (found !== undefined && found !== null) return String(found).trim().toLowerCase();
  if (headers["sec-fetch-site"] === undefined) return undefined;
  throw invalid(
    `Pages must say for whom they act, in ${actingForHeader} or ?${actingForParameter}=. An inbox that was open before ` +
      "an upgrade has to be loaded anew.",
  );
}

/** @throws Problem (otherPerson) when a request acts for somebody else than the person whose session it has */
export function mustActFor(userId: string, actsFor: string | undefined): void {
  if (actsFor === undefined || actsFor === userId) return;
  throw new Problem("otherPerson", "Somebody else is signed in with this cookie now; nothing was done.");
}
