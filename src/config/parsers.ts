import { isIP } from "node:net";
import { duration } from "../core/duration.ts";
import { invalid } from "../core/problem.ts";
import { publicOrigin } from "../http/origin.ts";
import type { RateLimit } from "../http/rate-limit.ts";
import { parseSecretKey } from "./secret-key.ts";

/** Reads a setting's text. @throws Problem (invalid) that reads on after the setting's name, as in "must be …" */
export type Parse<T> = (text: string) => T;

/** What `parse` reads, but for one word that stands for a meaning of its own, as `off` does. */
export function wordOr<W, T>(word: string, meaning: W, parse: Parse<T>): Parse<W | T> {
  return (text) => (text === word ? meaning : parse(text));
}

export function wholeNumber(minimum: number, maximum: number): Parse<number> {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= minimum && value <= maximum)) throw invalid(`must be a whole number from ${minimum} to ${maximum}`);
    return value;
  };
}

/** A time from `shortest` to `longest`, in milliseconds. */
export function timeBetween(shortest: string, longest: string, alternative = ""): Parse<number> {
  return (text) => {
    const milliseconds = duration(text);
    if (milliseconds >= duration(shortest) && milliseconds <= duration(longest)) return milliseconds;
    throw invalid(`must be from ${shortest} to ${longest}${alternative}`);
  };
}

export function switchedOn(text: string): boolean {
  if (text !== "on" && text !== "off") throw invalid("must be on or off");
  return text === "on";
}

export function hostOrAddress(text: string): string {
  if (!/^[\w.:-]+$/.test(text)) throw invalid("must be a host name or an address");
  return text;
}

export function requestsPerTime(text: string): RateLimit {
  const [, requests, seconds] = /^(\d{1,6})\/(\d{1,5})s$/.exec(text) ?? [];
  if (!Number(requests) || !Number(seconds)) {
    throw invalid("must be a number of requests and seconds as in 200/30s, or off");
  }
  return { requests: Number(requests), seconds: Number(seconds) };
}

export function addressesAndNetworks(text: string): string {
  if (!text.split(",").every(isAddressOrNetwork)) {
    throw invalid("must be addresses or networks with commas between them, as in 10.0.0.0/8,127.0.0.1, or off");
  }
  return text;
}

function isAddressOrNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

export function publicAddress(text: string): string {
  const origin = publicOrigin(text);
  if (!origin)
    throw invalid("must be an address such as https://innbox.grand.example, with http for this machine alone");
  return origin;
}

export function secretKey(text: string): Buffer {
  const key = parseSecretKey(text);
  if (!key) throw invalid("must be base64 of 32 bytes, as openssl rand -base64 32 makes it");
  return key;
}

export function hosts(text: string): readonly string[] {
  return text.split(",").map((host) => {
    const canonical = canonicalHost(host.trim());
    if (canonical !== undefined) return canonical;
    throw invalid("must be hosts with commas between them, as in bot.lan:8080,10.0.0.7, or none");
  });
}

/** A host as URLs have it, with its port if it names one; `undefined` for what is no host. */
function canonicalHost(text: string): string | undefined {
  const [, host = "", port] = /^([^/?#@\\]+?)(:\d{1,5})?$/.exec(text) ?? [];
  return URL.canParse(`http://${host}`) ? `${new URL(`http://${host}`).hostname}${port ?? ""}` : undefined;
}
