import { DatabaseSync, type StatementSync } from "node:sqlite";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { Row, Value } from "../../db.ts";

export interface SearchQuestion {
  readonly statement: string;
  readonly parameters: readonly Value[];
}

export interface SearchAnswer {
  readonly rows: readonly Row[];
  readonly error?: { readonly message: string; readonly errcode: number | undefined };
}

/** The upper pages of the index of some million messages, in KiB. */
const cache = 16_384;

/** Answers one statement after the other, until the thread is ended from outside. */
function serve(port: MessagePort, path: string): void {
  const database = new DatabaseSync(path, { readOnly: true });
  database.exec(`PRAGMA busy_timeout = 100; PRAGMA cache_size = -${cache}`);
  const statements = new Map<string, StatementSync>();
  const prepared = (text: string): StatementSync => {
    const statement = statements.get(text) ?? database.prepare(text);
    statements.set(text, statement);
    return statement;
  };
  const answer = ({ statement, parameters }: SearchQuestion): SearchAnswer => {
    try {
      return { rows: prepared(statement).all(...parameters) as Row[] };
    } catch (error) {
      return { rows: [], error: described(error) };
    }
  };
  port.on("message", (question: SearchQuestion) => port.postMessage(answer(question)));
}

/** An error loses its code on its way to another thread. */
function described(error: unknown): NonNullable<SearchAnswer["error"]> {
  const message = error instanceof Error ? error.message : String(error);
  const errcode = error instanceof Error && "errcode" in error ? Number(error.errcode) : undefined;
  return { message, errcode };
}

if (parentPort) serve(parentPort, String(workerData));
