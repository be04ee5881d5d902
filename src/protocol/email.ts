import { invalid } from "../core/problem.ts";

/**
 * An e-mail address as it is kept: without space around it and in lower case. Only a message could tell whether it is
 * in use, so that no more is checked than what every address has.
 * @throws Problem (invalid)
 */
export function emailOf(text: string): string {
  const email = text.trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw invalid("The e-mail address must have an @ with something on both sides of it, and no spaces.");
  }
  return email;
}
