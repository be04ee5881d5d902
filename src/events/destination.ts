import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { invalid } from "../errors.ts";
import type { InstallationKind } from "../store/installation.ts";
import { isLoopback, isPublic } from "./addresses.ts";

/** Finds all addresses of a host, as `dns.lookup` does. */
export type Lookup = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** Where webhooks may go (contract, section 6). */
export interface Destinations {
  /** What can be said without asking for the host's addresses. @throws Problem (invalid) */
  checkUrl(url: URL): void;
  /** The same, and every address that the host has now. @throws Problem (invalid) */
  check(url: URL): Promise<void>;
  /** Connects to no address that was not checked, since those that were resolved and checked are the ones it uses. */
  readonly connect: buildConnector.connector;
}

export interface DestinationRules {
  /**
   * The sandbox calls this machine and, also without TLS, the public internet; a real installation calls the public
   * internet by https.
   */
  readonly kind: InstallationKind;
  /** Hosts, with or without a port, that may be called wherever they are and without TLS. */
  readonly allow: readonly string[];
  /** In milliseconds, until there is a connection. */
  readonly timeout: number;
  readonly lookup?: Lookup;
}

export function destinations({ kind, allow, timeout, lookup = systemLookup }: DestinationRules): Destinations {
  const isSandbox = kind === "sandbox";
  const isOpen = (hostname: string, port: string) => allow.includes(hostname) || allow.includes(`${hostname}:${port}`);

  function mustBeAllowed(hostname: string, address: string): void {
    if (isPublic(address) || (isSandbox && isLoopback(address))) return;
    throw invalid(`The host ${hostname} is at ${address}, which is not an address of the public internet.`);
  }

  const guarded: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      try {
        const [first] = addresses ?? [];
        if (error || !first) throw invalid(`The host ${hostname} can't be found.`);
        for (const { address } of addresses) mustBeAllowed(hostname, address);
        if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      } catch (problem) {
        callback(problem as Error, "", 0);
      }
    });
  };
  const connectGuarded = buildConnector({ lookup: guarded, timeout });
  const connectAnywhere = buildConnector({ timeout });

  function checkUrl(url: URL): void {
    if (url.protocol !== "https:" && url.protocol !== "http:") throw invalid("The URL must begin with https://.");
    if (url.username || url.password) throw invalid("The URL must not hold a user name or a password.");
    if (isOpen(url.hostname, portOf(url))) return;
    if (url.protocol === "http:" && !isSandbox) throw invalid("The URL must begin with https://.");
    const address = url.hostname.replace(/^\[|\]$/g, "");
    if (isIP(address)) mustBeAllowed(address, address);
  }

  return {
    checkUrl,
    check: async (url) => {
      checkUrl(url);
      if (isOpen(url.hostname, portOf(url)) || isIP(url.hostname.replace(/^\[|\]$/g, ""))) return;
      await new Promise<void>((resolve, reject) => {
        guarded(url.hostname, { all: true }, (error) => (error ? reject(error) : resolve()));
      });
    },
    connect: (options, callback) => {
      const port = options.port || defaultPorts[options.protocol] || "";
      const connect = isOpen(options.hostname, port) ? connectAnywhere : connectGuarded;
      connect(options, callback);
    },
  };
}

const defaultPorts: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

function portOf({ port, protocol }: URL): string {
  return port || (defaultPorts[protocol] ?? "");
}
