import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isLoopback, isPublic } from "../../../src/delivery/webhooks/addresses.ts";

/** The registries of special-purpose and of multicast IPv4 addresses, in order: each network's first and last one. */
const special4: [network: string, first: string, last: string][] = [
  ["this network", "0.0.0.0", "0.255.255.255"],
  ["private use", "10.0.0.0", "10.255.255.255"],
  ["shared by a carrier", "100.64.0.0", "100.127.255.255"],
  ["loopback", "127.0.0.0", "127.255.255.255"],
  ["link-local, and clouds' metadata", "169.254.0.0", "169.254.255.255"],
  ["private use", "172.16.0.0", "172.31.255.255"],
  ["protocol assignments", "192.0.0.0", "192.0.0.255"],
  ["documentation", "192.0.2.0", "192.0.2.255"],
  ["AS112", "192.31.196.0", "192.31.196.255"],
  ["multicast relays", "192.52.193.0", "192.52.193.255"],
  ["6to4 relays", "192.88.99.0", "192.88.99.255"],
  ["private use", "192.168.0.0", "192.168.255.255"],
  ["direct AS112", "192.175.48.0", "192.175.48.255"],
  ["benchmarks", "198.18.0.0", "198.19.255.255"],
  ["documentation", "198.51.100.0", "198.51.100.255"],
  ["documentation", "203.0.113.0", "203.0.113.255"],
  ["multicast", "224.0.0.0", "239.255.255.255"],
  ["reserved, and broadcast", "240.0.0.0", "255.255.255.255"],
];

function numberOf(address: string): number {
  return address.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join(".");
}

const ranges4 = special4.map(([, first, last]) => ({ first: numberOf(first), last: numberOf(last) }));
const isSpecial4 = (value: number) => ranges4.some(({ first, last }) => value >= first && value <= last);

for (const [network, first, last] of special4) {
  test(`${first} to ${last} (${network}) is not the public internet, and its neighbours are`, () => {
    assert.deepEqual([isPublic(first), isPublic(last)], [false, false]);
    const neighbours = [numberOf(first) - 1, numberOf(last) + 1].filter((value) => value >= 0 && value < 2 ** 32);
    // Two of the networks touch.
    for (const value of neighbours.filter((value) => !isSpecial4(value)))
      assert.ok(isPublic(dotted(value)), dotted(value));
  });
}

const addresses6: [what: string, address: string, isOfThePublic: boolean][] = [
  ["unspecified", "::", false],
  ["loopback", "::1", false],
  ["IPv4-compatible", "::8.8.8.8", false],
  ["IPv4-compatible loopback", "::127.0.0.1", false],
  ["mapped public", "::ffff:8.8.8.8", true],
  ["mapped public in hexadecimal", "::ffff:808:808", true],
  ["mapped loopback", "::ffff:127.0.0.1", false],
  ["mapped private in hexadecimal", "::FFFF:a00:1", false],
  ["mapped metadata, written out", "0:0:0:0:0:ffff:a9fe:a9fe", false],
  ["translated by SIIT", "::ffff:0:8.8.8.8", false],
  ["NAT64 of a public one", "64:ff9b::8.8.8.8", true],
  ["NAT64 of a private one", "64:ff9b::10.0.0.1", false],
  ["NAT64 of the metadata", "64:ff9b::a9fe:a9fe", false],
  ["behind the prefix of NAT64", "64:ff9b::1:808:808", false],
  ["NAT64 of a network's own", "64:ff9b:1::8.8.8.8", false],
  ["discarded", "100::1", false],
  ["dummy", "100:0:0:1::1", false],
  ["before the global space", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false],
  ["Teredo", "2001::1", false],
  ["Teredo, last", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", false],
  ["benchmarks", "2001:2::1", false],
  ["AS112", "2001:4:112::1", false],
  ["ORCHID", "2001:20::1", false],
  ["protocol assignments, last", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", false],
  ["first registry's", "2001:200::", true],
  ["before documentation", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", true],
  ["documentation", "2001:db8::", false],
  ["documentation, last", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", false],
  ["after documentation", "2001:db9::", true],
  ["Google's", "2001:4860:4860::8888", true],
  ["before 6to4", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true],
  ["6to4 of a public one", "2002:808:808::1", false],
  ["6to4 of a private one", "2002:a00:1::1", false],
  ["6to4, last", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false],
  ["after 6to4", "2003::", true],
  ["before direct AS112", "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff", true],
  ["direct AS112", "2620:4f:8000::", false],
  ["direct AS112, last", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", false],
  ["after direct AS112", "2620:4f:8001::", true],
  ["newer documentation", "3fff::", false],
  ["newer documentation, last", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", false],
  ["after the global space", "4000::", false],
  ["segment routing", "5f00::1", false],
  ["unique local", "fc00::", false],
  ["unique local, last", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false],
  ["link-local", "fe80::", false],
  ["link-local with a zone", "fe80::1%eth0", false],
  ["site-local", "fec0::1", false],
  ["multicast", "ff02::1", false],
  ["the last of all", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false],
];

for (const [what, address, expected] of addresses6) {
  test(`${address} (${what}) is ${expected ? "of" : "not of"} the public internet`, () => {
    assert.equal(isPublic(address), expected);
  });
}

const edges = ranges4.flatMap(({ first, last }) => [first - 1, first, last, last + 1]);
const number4 = fc.oneof(
  fc.nat(2 ** 32 - 1),
  fc.constantFrom(...edges.filter((value) => value >= 0 && value < 2 ** 32)),
);

test("an IPv4 address is judged the same by itself, mapped and behind NAT64, and never let in by other disguises", () => {
  fc.assert(
    fc.property(number4, (value) => {
      const address = dotted(value);
      const expected = !isSpecial4(value);
      for (const same of [address, `::ffff:${address}`, `64:ff9b::${address}`])
        assert.equal(isPublic(same), expected, same);
      for (const other of [`::${address}`, `::ffff:0:${address}`]) assert.equal(isPublic(other), false, other);
      const [high, low] = [Math.floor(value / 65_536).toString(16), (value % 65_536).toString(16)];
      assert.equal(isPublic(`2002:${high}:${low}::1`), false);
      assert.equal(isLoopback(address), address.startsWith("127."));
    }),
    { numRuns: 2000 },
  );
});
