import { invalid } from "../../core/problem.ts";

/** The person who is to have the password. */
export interface PasswordOwner {
  readonly names: readonly string[];
  readonly email: string;
  /** Of the properties at which they work. */
  readonly propertyNames: readonly string[];
}

/**
 * Refuses a new password that others would try first (NIST SP 800-63B): one of those that are used most, or one that is
 * made of the person's own names. Letter case, spaces, punctuation and the forms of a character make no difference.
 * @param field  how the request calls it
 * @throws Problem (invalid)
 */
export async function mustBeHardToGuess(field: string, password: string, owner: PasswordOwner): Promise<void> {
  const common = await commonPasswords();
  if (common.has(folded(password)) || common.has(bare(password))) {
    throw invalid(`${field} is one of the passwords that are used most; choose one that nobody else has.`);
  }
  if (isMadeOfNames(password, owner)) {
    throw invalid(
      `${field} is made of your name, e-mail address or property's name; choose one that nobody can guess.`,
    );
  }
}

let loading: Promise<ReadonlySet<string>> | undefined;

/** Nearly 50,000, the commonest first. Loaded when somebody chooses a password, which is seldom. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  loading ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set(dictionary["passwords-common"].map(folded)),
  );
  return loading;
}

/** Whether the password consists of names and digits alone. */
function isMadeOfNames(password: string, { names, email, propertyNames }: PasswordOwner): boolean {
  const [localPart = ""] = email.split("@", 1);
  const given = [email, localPart, ...propertyNames, ...names];
  const words = [...given, ...given.flatMap((text) => text.split(/[^\p{L}\p{M}\p{N}]+/u))];
  // The longest first: removing a short name could leave a part of a long one.
  const known = words
    .map(bare)
    .filter((word) => word.length > 1)
    .sort((a, b) => b.length - a.length);
  const whole = bare(password);
  const rest = known.reduce((text, word) => text.replaceAll(word, " "), whole);
  return rest !== whole && !/\p{L}/u.test(rest);
}

/** One form for texts that differ in letter case alone. By upper case, which turns ß into SS. */
function folded(text: string): string {
  return text.normalize("NFKC").toUpperCase().toLowerCase();
}

/** Letters and digits alone. */
function bare(text: string): string {
  return folded(text).replace(/[^\p{L}\p{N}]+/gu, "");
}
