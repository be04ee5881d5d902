import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** What a TLS server needs, both as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that signs itself, good for one host from now for a day, or until yesterday. */
export function selfSigned(host: string, isExpired = false): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = Date.now();
  const [from, until] = isExpired ? [now - 2 * day, now - day] : [now - day, now + day];
  const name = der(0x30, der(0x31, der(0x30, commonName, der(0x0c, Buffer.from(host)))));
  const alternativeName = der(0x30, subjectAltName, der(0x04, der(0x30, der(0x82, Buffer.from(host)))));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    signedByEcdsa,
    name,
    der(0x30, time(from), time(until)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(0x30, alternativeName)),
  );
  return { cert: pem(der(0x30, body, signedByEcdsa, signatureOf(body, privateKey))), key: pemOf(privateKey) };
}

const day = 86_400_000;

/** Identifiers of algorithms and attributes, already encoded. */
const signedByEcdsa = Buffer.from("300a06082a8648ce3d040302", "hex");
const commonName = Buffer.from("0603550403", "hex");
const subjectAltName = Buffer.from("0603551d11", "hex");

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** As in 260101000000Z. */
function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replaceAll(/[^\d]/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function signatureOf(body: Buffer, key: KeyObject): Buffer {
  return der(0x03, Buffer.from([0]), sign("sha256", body, key));
}

function pem(content: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${content.toString("base64").replaceAll(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
