import type { TrafficEntry } from "../../../src/protocol/sandbox/traffic.ts";

/** Headers that every client sends by itself, or that belong to one connection. */
const ownHeaders: ReadonlySet<string> = new Set(
  `host connection content-length transfer-encoding keep-alive upgrade accept accept-encoding accept-language user-agent
  cookie origin referer priority cache-control pragma dnt innbox-world`.split(/\s+/),
);

/** The operations for which `@innbox/client` has a method. */
const methods = /^(?:messageThreads|messages|configuration|enterprises|events)\/(?:getAll|get|add)$/;

type Sent = Pick<TrafficEntry, "Kind" | "Method" | "Address" | "Operation" | "RequestHeaders" | "RequestBody">;

/** The request as a command for a shell. */
export function asCurl(entry: Sent, origin: string): string {
  if (entry.Kind === "Socket") {
    const headers = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    const cookie = entry.RequestHeaders.cookie;
    const sent = [...headers, "Sec-WebSocket-Key: aW5uYm94IHNhbmRib3ghIQ==", ...(cookie ? [`Cookie: ${cookie}`] : [])];
    return [`curl -i -N ${quoted(addressOf(entry, origin))}`, ...sent.map((one) => `-H ${quoted(one)}`)].join(
      " \\\n  ",
    );
  }
  const method = entry.Method === (entry.RequestBody === null ? "GET" : "POST") ? "" : `-X ${entry.Method} `;
  const headers = keptHeaders(entry).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const body = entry.RequestBody === null ? [] : [`--data-binary ${quoted(entry.RequestBody)}`];
  return [`curl -s ${method}${quoted(addressOf(entry, origin))}`, ...headers, ...body].join(" \\\n  ");
}

/** The request as TypeScript: with the client package where it has a method for it, else with fetch. */
export function asTypeScript(entry: Sent, origin: string): string {
  return (entry.Kind === "Request" ? asClientCall(entry, origin) : undefined) ?? asFetch(entry, origin);
}

function asClientCall({ Operation, RequestBody }: Sent, origin: string): string | undefined {
  if (!Operation || !methods.test(Operation)) return undefined;
  const body = objectOf(RequestBody);
  const { ClientToken, AccessToken, Client, ...request } = body ?? {};
  if (![ClientToken, AccessToken, Client].every((value) => typeof value === "string" && value !== "")) return undefined;
  const options = { platformAddress: origin, clientToken: ClientToken, accessToken: AccessToken, client: Client };
  const isBare = Object.keys(request).length === 0;
  return [
    'import { createClient } from "@innbox/client";',
    "",
    `const connector = createClient(${literal(options)});`,
    `const answer = await connector.${Operation.replace("/", ".")}(${isBare ? "" : literal(request)});`,
    "console.log(answer);",
    "",
  ].join("\n");
}

function asFetch(entry: Sent, origin: string): string {
  const { Method, RequestBody } = entry;
  const body = objectOf(RequestBody);
  const options = [
    `  method: ${JSON.stringify(Method)},`,
    `  headers: ${indented(literal(Object.fromEntries(keptHeaders(entry))))},`,
    ...(RequestBody === null
      ? []
      : [`  body: ${body ? `JSON.stringify(${indented(literal(body))})` : JSON.stringify(RequestBody)},`]),
  ];
  return [
    `const response = await fetch(${JSON.stringify(addressOf(entry, origin))}, {`,
    ...options,
    "});",
    "console.log(response.status, await response.text());",
    "",
  ].join("\n");
}

function addressOf({ Address }: Sent, origin: string): string {
  return Address.startsWith("/") ? origin + Address : Address;
}

function keptHeaders({ RequestHeaders }: Sent): readonly (readonly [string, string])[] {
  return Object.entries(RequestHeaders).filter(([name]) => !ownHeaders.has(name) && !name.startsWith("sec-"));
}

function objectOf(text: string | null): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Quotes any text for a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A value as TypeScript source. */
function literal(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(/^( *)"([A-Za-z_$][\w$]*)":/gm, "$1$2:");
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n  ");
}
