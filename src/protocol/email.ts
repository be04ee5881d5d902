import { invalid } from "../core/problem.ts";

/**
 * An e-mail address as it is kept: without space around it and in lower case. Whether somebody reads there, only a
 * message would tell, so nothing more is asked of it than what every address has.
 * @throws Problem (invalid)
 */
export function emailOf(text: string): string {
  const email = text.trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw invalid("The e-mail address must have an @ with something on both sides of it, and no spaces.");
  }
  return email;
}
