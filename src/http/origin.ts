import type { FastifyRequest } from "fastify";
import { Problem } from "../core/problem.ts";

/** What tells where a request was sent to. */
type Addressed = Pick<FastifyRequest, "protocol" | "host" | "headers"> & {
  readonly socket: Pick<FastifyRequest["socket"], "localPort">;
};

/** Browsers trust their own machine without TLS: they call its pages secure. */
const ownMachine = /^http:\/\/(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * The address under which the visitor reaches this server. Pages and links are made of it, so it has only what an address
 * may have. A browser tells it of its own page in a header that no script can write, so that a proxy may send requests
 * on under a name of its own.
 * @param publicUrl  what the operator has set it to, which is taken first
 */
export function originOf(request: Addressed, publicUrl?: string): string {
  if (publicUrl !== undefined) return publicUrl;
  const page = request.headers["sec-fetch-site"] === "same-origin" ? pageOf(request) : undefined;
  return page ?? addressed(request);
}

const proxyHeaders = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "via"];

/**
 * Whether the visitor is on this machine and has no TLS: the only place where a cookie may do without `Secure`, since
 * not all browsers keep it there. A browser tells where its page is; a program's request counts as one of this machine
 * only if no proxy is to be seen that may speak for others.
 */
export function isOnOwnMachine(request: Addressed, publicUrl?: string): boolean {
  const page = pageOf(request);
  if (page !== undefined) return ownMachine.test(page);
  const isForwarded = proxyHeaders.some((name) => name in request.headers);
  return !isForwarded && !publicUrl?.startsWith("https:") && ownMachine.test(addressed(request));
}

/**
 * Whether what is typed goes over a network in the clear, and a cookie that comes back is not kept. Nobody gains anything
 * by pretending otherwise, so a proxy's word is taken whether or not it is trusted.
 */
export function isWithoutTls(request: Addressed, publicUrl?: string): boolean {
  const page = pageOf(request);
  if (page !== undefined) return isPlainOnNetwork(page);
  const isSaidToHaveTls = /^https\b/i.test(String(request.headers["x-forwarded-proto"] ?? ""));
  return !isSaidToHaveTls && !publicUrl && isPlainOnNetwork(addressed(request));
}

function isPlainOnNetwork(origin: string): boolean {
  return origin.startsWith("http://") && !ownMachine.test(origin);
}

/** The address of the page that a browser sends the request from. */
function pageOf({ headers }: Addressed): string | undefined {
  const { origin } = headers;
  return origin !== undefined && /^https?:\/\/[\w.:[\]-]+$/.test(origin) ? origin : undefined;
}

/** What the request names, as far as proxies are believed. */
function addressed({ protocol, host, socket }: Addressed): string {
  const typed = /^[\w.:[\]-]+$/.test(host) ? host : `127.0.0.1:${socket.localPort}`;
  return `${protocol}://${typed}`;
}

/** A public address as it is set: `undefined` for what is none, or would let passwords go over a network in the clear. */
export function publicOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, protocol, pathname, search, hash, username } = new URL(text);
  const isBare = pathname === "/" && search === "" && hash === "" && username === "";
  const isSafe = protocol === "https:" || ownMachine.test(origin);
  return isBare && isSafe ? origin : undefined;
}

/**
 * Browsers say which page a request comes from, and send the cookie of another page's only with what changes nothing.
 * @throws Problem (forbidden) for what a page of another server asks
 */
export function mustBeOwnPage({ headers }: Pick<FastifyRequest, "headers">): void {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    throw new Problem("forbidden", "Only pages of this server may ask this.");
  }
}
