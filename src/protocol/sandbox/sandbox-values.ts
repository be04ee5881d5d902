import Type from "typebox";
import Format from "typebox/format";

const durationPattern = /^\d{1,9}(?:ms|s|m|h|d)$/;

Format.Set("innbox-duration", (value) => durationPattern.test(value));

/** What operations are described with that ask and answer nothing. */
export const asksNothing = { input: Type.Object({}), output: Type.Object({}), example: { request: {}, answer: {} } };

/** A time such as `500ms`, `30s`, `5m`, `75h` or `7d`. */
export function duration(description: string) {
  return Type.String({ format: "innbox-duration", description });
}

/** The name of a world or a snapshot: what may stand in a host's name. */
export function sandboxName(description: string) {
  return Type.String({ format: "innbox-name", description });
}

const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

Format.Set("innbox-name", isSandboxName);

export function isSandboxName(name: string): boolean {
  return namePattern.test(name);
}
