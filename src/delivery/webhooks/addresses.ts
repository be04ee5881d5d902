import { BlockList, isIP } from "node:net";

/** IPv4 networks that are not part of the public internet (RFC 6890 and its registry). */
const internal4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** The same within the global unicast space of IPv6: special purposes, documentation, 6to4, direct AS112. */
const internal6: readonly (readonly [string, number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

/** Prefixes of IPv6 addresses that contain an IPv4 address: mapped, and translated by NAT64 (RFC 6052). */
const prefixesOf4 = ["::ffff:", "64:ff9b::"] as const;

const internal = new BlockList();
for (const [network, length] of internal4) {
  internal.addSubnet(network, length, "ipv4");
  for (const prefix of prefixesOf4) internal.addSubnet(`${prefix}${network}`, 96 + length, "ipv6");
}
for (const [network, length] of internal6) internal.addSubnet(network, length, "ipv6");

/** The IPv6 networks that public addresses are in. */
const global6 = new BlockList();
global6.addSubnet("2000::", 3, "ipv6");
for (const prefix of prefixesOf4) global6.addSubnet(`${prefix}0.0.0.0`, 96, "ipv6");

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
loopback.addSubnet("::ffff:127.0.0.0", 104, "ipv6");

/** Whether an address is one of the public internet; false for what is no address. */
export function isPublic(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !internal.check(address, "ipv4");
  return version === 6 && global6.check(address, "ipv6") && !internal.check(address, "ipv6");
}

export function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 4 ? "ipv4" : "ipv6");
}
