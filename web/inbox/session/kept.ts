import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { bytesToHex, bytesToUtf8, hexToBytes, managedNonce, utf8ToBytes } from "@noble/ciphers/utils.js";
import { browserForget, browserKeep, browserKept, browserNames } from "../../shared/browser-kept.ts";
import { boundPerson } from "./person.ts";

const seal = managedNonce(xchacha20poly1305);

/**
 * The key of the person's storage. The server gives it to that person's sessions only, so no one else can read what it
 * seals.
 */
let key: Uint8Array | undefined;

/** Opens what this browser keeps for the person whose page this is. @param browserKey  in base64 */
export function openKept(browserKey: string): void {
  key = Uint8Array.from(atob(browserKey), (character) => character.charCodeAt(0));
  for (const name of ["draft", "note", "outbox"]) sealEarlier(name);
}

/** Seals what versions up to 0.4 kept in the clear, under names with the person's id in the second place. */
function sealEarlier(kind: string): void {
  const before = `${kind}.${idOf()}.`;
  for (const name of browserNames(before)) {
    const value = browserKept(name);
    if (value !== undefined) keep(`${kind}.${name.slice(before.length)}`, value);
    browserForget(name);
  }
}

function idOf(): string {
  const person = boundPerson();
  if (!person) throw new Error("Nobody is signed in.");
  return person.Id;
}

function sealedName(name: string): string {
  return `person.${idOf()}.${name}`;
}

/** The name is authenticated too, so that a value can't be opened under another name. */
function boxFor(name: string) {
  if (!key) throw new Error("Nobody is signed in.");
  return seal(key, utf8ToBytes(sealedName(name)));
}

/** What this browser keeps for the person under a name; undefined if that is nothing or can't be opened. */
export function kept<T>(name: string): T | undefined {
  const sealed = browserKept<string>(sealedName(name));
  if (sealed === undefined) return undefined;
  try {
    return JSON.parse(bytesToUtf8(boxFor(name).decrypt(hexToBytes(sealed)))) as T;
  } catch {
    return undefined;
  }
}

export function keep(name: string, value: unknown): void {
  browserKeep(sealedName(name), bytesToHex(boxFor(name).encrypt(utf8ToBytes(JSON.stringify(value)))));
}

export function forget(name: string): void {
  browserForget(sealedName(name));
}

/** The names that begin with `beginning` under which something is kept for the person. */
export function keptNames(beginning: string): readonly string[] {
  const names = browserNames(sealedName(beginning));
  return names.map((name) => name.slice(sealedName("").length));
}
