import assert from "node:assert/strict";
import { BlockList } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { networkOf } from "../../../src/http/network.ts";

const examples: [address: string, network: string][] = [
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::ffff:c000:207", "192.0.2.7"],
  ["0:0:0:0:0:FFFF:192.0.2.7", "192.0.2.7"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::6", "2001:db8:1:2::/64"],
  ["2001:db8::", "2001:db8:0:0::/64"],
  ["2001:db8:1:2:3:4:5::", "2001:db8:1:2::/64"],
  ["64:ff9b::192.0.2.7", "64:ff9b:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["unknown", "unknown"],
  ["", ""],
];

for (const [address, network] of examples) {
  test(`the network of ${address || "nothing"} is ${network || "nothing"}`, () => {
    assert.equal(networkOf(address), network);
  });
}

/** Of few different groups, so that two of them often have the same beginning. */
const address = fc
  .array(fc.constantFrom("1", "2", "ffff"), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.join(":"));

test("two IPv6 addresses have one network exactly where their first 64 bits are equal", () => {
  fc.assert(
    fc.property(address, address, fc.boolean(), (one, other, isNear) => {
      const second = isNear ? [...one.split(":").slice(0, 4), ...other.split(":").slice(4)].join(":") : other;
      const subnet = new BlockList();
      subnet.addSubnet(one, 64, "ipv6");
      assert.equal(networkOf(one) === networkOf(second), subnet.check(second, "ipv6"));
    }),
  );
});
