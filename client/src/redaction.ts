/** Takes the secrets out of a text. */
export type Redact = (text: string) => string;

/** @param secrets  what nobody may read, as it is and as JSON or a URL would write it */
export function redactionOf(secrets: readonly string[]): Redact {
  const written = new Set(
    secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]),
  );
  // The longest first, so that no rest of it stays behind where one secret begins another.
  const hidden = [...written].sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
}
