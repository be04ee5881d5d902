import { type DatabaseTrouble, Problem, tooLate, unavailable } from "../../../core/problem.ts";

/** PostgreSQL's codes, and those of the network, that speak of the machine and not of the statement. */
const troubles: Readonly<Record<string, string | readonly [message: string, code: DatabaseTrouble]>> = {
  "25006": "The database can't be written to: this server of it is a standby.",
  "26000": ["The database lost a prepared statement.", "databasePooler"],
  "28000": ["The database does not let this user in.", "databaseCredentials"],
  "28P01": ["The database does not let this user in.", "databaseCredentials"],
  "3D000": ["There is no database of this name on the server.", "databaseMissing"],
  "42P05": ["The database lost a prepared statement.", "databasePooler"],
  "42501": ["The user of the database lacks a right.", "databaseRights"],
  "53100": "The database can't take more: its disk is full.",
  "53200": "The database can't be used right now: it is out of memory.",
  "53300": ["The database can't be used right now: it has too many connections.", "databaseConnections"],
  "57P01": "The database can't be used right now: it is shutting down.",
  "57P02": "The database can't be used right now: it is starting again after a crash.",
  "57P03": "The database can't be used right now: it is starting or shutting down.",
  "58030": "The database can't be used right now: its disk can't be read or written.",
  XX001: "The database is damaged: stop the servers, keep a copy of it, and restore a backup.",
  XX002: "The database is damaged: stop the servers, keep a copy of it, and restore a backup.",
  ENOTFOUND: ["The host of the database is not known here.", "databaseHost"],
  EAI_AGAIN: "The host of the database can't be looked up right now.",
};

const unreachable = "The database can't be reached right now.";

/** A time limit that was set for a statement has passed, or for the lock that it waits for. */
const timeouts = ["57014", "55P03"];

/** The database gave way to another transaction; the same one again may do better. */
const conflicts = ["40001", "40P01"];

const unpreparedCodes = ["26000", "42P05"];

/** The connection was lost, or leads to a server that is no good any more. */
const farewells = ["25006", "25P03", "57P01", "57P02", "57P03", "57P05"];

/** Classes of codes whose messages may have values in them: data that can't be read, and what triggers raise. */
const quotingClasses = ["22", "P0"];

const lostInDriver = /^(?:Connection terminated|Client (?:has|was)|Query read timeout|timeout expired)/;

const lostInNetwork = /^(?:E[A-Z_]{3,}|ERR_\w+)$/;

export function isConflict(error: unknown): boolean {
  return conflicts.includes(codeOf(error) ?? "");
}

/**
 * Whether a statement is not prepared, or is already, although all was done for it: a pooler has given it another
 * connection, or those that prepare it failed while this one was on its way behind them.
 */
export function isUnprepared(error: unknown): boolean {
  return unpreparedCodes.includes(codeOf(error) ?? "");
}

/** Whether another connection, perhaps to another server, is worth a try. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof Problem) return false;
  const code = codeOf(error);
  if (code === undefined) return lostInDriver.test(error.message);
  return farewells.includes(code) || code.startsWith("08") || lostInNetwork.test(code);
}

/** Others have the rows or the connections that are needed. */
export function tooBusy(cause: unknown = new Error("No connection was free.")): Problem {
  return unavailable("The database is too busy right now.", cause);
}

/** What the caller may hear: a Problem where the machine is to blame; otherwise a failure that tells no values. */
export function problemOf(error: unknown): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error;
  const code = codeOf(error);
  const cause = withoutValues(error, code);
  if (code !== undefined && timeouts.includes(code)) {
    return tooLate();
  }
  const trouble = troubles[code ?? ""];
  if (typeof trouble === "string") return unavailable(trouble, cause);
  if (trouble) return unavailable(trouble[0], cause, { code: trouble[1] });
  if (isConflict(error)) return tooBusy(cause);
  return isLost(error) ? unavailable(unreachable, cause) : cause;
}

/** PostgreSQL adds details that may quote a row, and so a guest. Some of its messages themselves quote values. */
function withoutValues(error: Error, code: string | undefined): Error {
  // Of a host with several addresses, none of which can be reached.
  const said = error instanceof AggregateError ? error.errors.map(messageOf).join(", ") : error.message;
  if (code === undefined) return new Error(said);
  const isQuoting = quotingClasses.includes(code.slice(0, 2));
  return new Error(isQuoting ? `${code}: PostgreSQL could not carry out a statement.` : `${code}: ${said}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of PostgreSQL or of the network. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
