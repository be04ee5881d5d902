import { type LookupAddress, Resolver, lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { invalid } from "../../core/problem.ts";
import type { InstallationKind } from "../../store/directory/installation.ts";
import { isLoopback, isPublic } from "./addresses.ts";

/** Finds all addresses of a host, as `dns.lookup` does. */
export type Lookup = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** Where webhooks may go (contract, section 6). */
export interface Destinations {
  /** Checks a URL without looking up its host. @throws Problem (invalid) when webhooks may not go there */
  checkUrl(url: URL): void;
  /** The same, and checks every address that the host has now. @throws Problem (invalid) */
  check(url: URL): Promise<void>;
  /**
   * Connects only to addresses that passed the check, and to the very ones that were looked up for it, so that a name
   * server can't give others afterwards. Hosts that are allowed by name are exempt.
   */
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

export function destinations({ kind, allow, timeout, lookup: given }: DestinationRules): Destinations {
  const isSandbox = kind === "sandbox";
  const lookup = given ?? (isSandbox ? systemLookup : nameServerLookup(timeout));
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

/**
 * Asks the name servers. `dns.lookup` occupies one of four threads until it gives up, so that a few hosts with silent
 * name servers would hold up the calls to all others. The sandbox uses it all the same, since it reads /etc/hosts.
 */
function nameServerLookup(timeout: number): Lookup {
  return (hostname, _options, callback) => {
    // Names that end with localhost are not asked for at name servers (RFC 6761).
    if (/(?:^|\.)localhost\.?$/.test(hostname)) return callback(null, [{ address: "127.0.0.1", family: 4 }]);
    const resolver = new Resolver({ timeout: timeout / 2, tries: 1 });
    const ask = (family: 4 | 6) =>
      new Promise<LookupAddress[]>((resolve, reject) => {
        const answer = (error: Error | null, addresses: string[]) =>
          error ? reject(error) : resolve(addresses.map((address) => ({ address, family })));
        if (family === 4) resolver.resolve4(hostname, answer);
        else resolver.resolve6(hostname, answer);
      });
    Promise.allSettled([ask(4), ask(6)]).then((answers) => {
      const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
      callback(addresses.length > 0 ? null : new Error("No name server knows an address."), addresses);
    });
  };
}

const defaultPorts: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

function portOf({ port, protocol }: URL): string {
  return port || (defaultPorts[protocol] ?? "");
}
