import { type CopySide, type KnownRecord, Problem, type ProblemSubject } from "./problem.ts";

/** The command that lists the records of each kind. */
const lists: Readonly<Record<KnownRecord, string>> = {
  client: "innbox client list",
  clientToken: "innbox client list",
  enterprise: "innbox enterprise list",
  integration: "innbox integration list",
  webhook: "innbox webhook list",
  delivery: "innbox webhook deliveries",
  person: "innbox staff list",
  link: "innbox staff link list",
};

/** By which flag each database of a copy is named. */
const flags: Readonly<Record<CopySide, string>> = { source: "--from", target: "--to" };

const keySettings = "with --secret-key-file or INNBOX_SECRET_KEY. If it is lost, run innbox webhook forget-secrets.";

/** What the operator can do about a problem, if there is anything. @param flag  that named the database */
function wayOut(subject: ProblemSubject, flag: string): string | undefined {
  switch (subject.code) {
    case "unknown":
      return `See ${lists[subject.what]}.`;
    case "disabled":
      return "See innbox staff enable.";
    case "secretForgotten":
      return `Give it one with innbox webhook rotate-secret ${subject.id}.`;
    case "databaseDamaged":
      return undefined;
    case "databaseFile":
      return (
        "Check that the folder may be written to and that the file is an Innbox database, or name another with " +
        `${flag}.`
      );
    case "databaseHost":
      return `Correct ${flag}.`;
    case "databaseCredentials":
      return `Check the name and the password in ${flag}.`;
    case "databaseMissing":
      return `Make it with CREATE DATABASE, or correct ${flag}.`;
    case "databaseRights":
      return `Make the user in ${flag} the owner of the database, or grant it what is missing.`;
    case "databasePooler":
      return "Behind a pooler that can't keep them, set --database-prepare off.";
    case "databaseConnections":
      return "Lower --database-connections.";
    case "databaseOfOthers":
      return `Name another one with ${flag}.`;
    case "databaseOccupied":
      return `Stop it first, name another database with ${flag}, or let both work on it with --shared.`;
    case "secretKeyMissing":
      return `Restore it, or name another place of that key ${keySettings}`;
    case "secretKeyOther":
      return `Restore the key file that belongs to it, or name it ${keySettings}`;
    case "secretKeyUnusable":
      return "Name another with --secret-key-file.";
    case "copyUnfinished":
      return "Run the same innbox copy again to finish it.";
    case "schemaOlder":
      return "Run innbox migrate on it first.";
    case "noRoomForHistory":
      return `Have new properties made with --properties, or name another database with ${flag}.`;
    case "copyInterrupted":
      return [subject.by && wayOut(subject.by, flag), "Run the same innbox copy again: it goes on from here."]
        .filter((sentence) => sentence !== undefined)
        .join(" ");
  }
}

/** A problem as the command line and the log say it: with the database that it is about, and the way out. */
export function withWayOut({ message, subject, side }: Problem): string {
  const flag = side ? flags[side] : "--database";
  const way = subject && wayOut(subject, flag);
  return `${side ? `${flag}: ` : ""}${message}${way ? ` ${way}` : ""}`;
}

/** A failure for the log: with the way out, and with what the machine said, unless the sentence has that already. */
export function operatorSentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const sentence = error instanceof Problem ? withWayOut(error) : error.message;
  const said = error.cause instanceof Error ? error.cause.message : "";
  return sentence.includes(said) ? sentence : `${sentence} (${said})`;
}
