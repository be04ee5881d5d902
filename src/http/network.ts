import { isIPv6 } from "node:net";

/** How many of the eight groups of an IPv6 address name its network: 64 bits, which a provider gives one subscriber. */
const networkGroups = 4;

/**
 * Names the network that an address belongs to, for everything that is counted or limited by address. An IPv4 address is
 * a network of its own, also where it is written as IPv6. Of an IPv6 address it is the /64, since everybody with one
 * IPv6 address has 2^64 of them. What is no address is returned as it is.
 */
export function networkOf(address: string): string {
  const [bare = ""] = address.split("%", 1);
  if (!isIPv6(bare)) return address;
  const groups = groupsOf(bare);
  if (isMappedIpv4(groups)) {
    const [high = 0, low = 0] = groups.slice(6);
    return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
  }
  const network = groups.slice(0, networkGroups).map((group) => group.toString(16));
  return `${network.join(":")}::/64`;
}

/** `::ffff:192.0.2.1`, as a socket that listens on both families names callers by IPv4. */
function isMappedIpv4(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}

/** The eight numbers of a valid IPv6 address. */
function groupsOf(address: string): readonly number[] {
  const [start = "", end] = address.split("::");
  const before = numbersOf(start);
  const after = numbersOf(end ?? "");
  const zeros = Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...zeros, ...after];
}

function numbersOf(part: string): readonly number[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
