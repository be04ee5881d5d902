import { sampleDigest, sampleId, sampleStart, sampleTime } from "./sample-names.ts";

/** Rows of the people of each enterprise, table by table. */
export function staffRows(numbers: readonly number[]) {
  return {
    staff_user: numbers.map((number) => ({
      id: sampleId("user", number),
      email: `user-${number}@hotel.example`,
      name: `User ${number}`,
      password_hash: null,
      is_owner: 0,
      is_enabled: 1,
      preferences: "{}",
      created: sampleStart,
    })),
    staff_membership: numbers.map((number) => ({
      user_id: sampleId("user", number),
      enterprise_id: sampleId("enterprise", number),
      role: "Agent",
      created: sampleStart,
    })),
    staff_session: numbers.map((number) => ({
      id: sampleId("session", number),
      digest: sampleDigest("session", number),
      user_id: sampleId("user", number),
      user_agent: "Browser",
      address: "127.0.0.1",
      created: sampleTime(number),
      last_used: sampleTime(number),
    })),
    staff_link: numbers.map((number) => ({
      digest: sampleDigest("link", number),
      purpose: "Reset",
      user_id: sampleId("user", number),
      maker_id: sampleId("user", 0),
      created: sampleTime(number),
      expires: sampleTime(number),
    })),
    staff_device: numbers.map((number) => ({
      user_id: sampleId("user", number),
      digest: sampleDigest("device", number),
      created: sampleTime(number),
      last_used: sampleTime(number),
    })),
    staff_throttle: numbers.map((number) => ({
      digest: sampleDigest("throttle", number),
      failures: 1,
      failed: sampleTime(number),
      expires: sampleTime(number),
    })),
    saved_reply: numbers.map((number) => ({
      enterprise_id: sampleId("enterprise", number),
      shortcut: "late",
      language_code: "en",
      id: sampleId("reply", number),
      text: "Dear {guest}",
      updated: sampleStart,
    })),
  };
}
