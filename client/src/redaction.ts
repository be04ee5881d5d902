/** Takes the secrets out of a text. */
export type Redact = (text: string) => string;

/** @param secrets  are found as they are, and as JSON or a URL would write them */
export function redactionOf(secrets: readonly string[]): Redact {
  const written = new Set(
    secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]),
  );
  // The longest first: where one secret is the beginning of another, no rest of the longer one must stay.
  const hidden = [...written].sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
}
