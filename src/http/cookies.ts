import { parseCookie } from "cookie";

/**
 * The value of the first cookie of this name in a `Cookie` header. It may stand in quotes and be encoded (RFC 6265).
 */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  return parseCookie(header ?? "")[name]?.replace(/^"(.*)"$/, "$1");
}
