/** Where a link that is good once leads: its secret stands behind the #, which browsers keep to themselves. */
export function linkAddress(origin: string, secret: string): string {
  return `${origin}/inbox/link#${secret}`;
}
