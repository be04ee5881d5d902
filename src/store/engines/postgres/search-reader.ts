import type { Client, QueryConfig } from "pg";
import { tooLate } from "../../../core/problem.ts";
import type { Reader } from "../../db.ts";
import type { AnyAsked } from "../../query.ts";
import type { Connections } from "./connections.ts";
import { isLost, problemOf } from "./problems.ts";
import { statementOf } from "./statements.ts";

/** How many searches are carried out at once. The others wait for their turn. */
const maxConnections = 2;

/** How much longer than PostgreSQL's own limit to wait for its answer, in milliseconds. */
const answerPatience = 2000;

/** An index of words is read as a bitmap and sorted, and planned for what is looked for, by one process. */
const settings = [
  "plan_cache_mode = force_custom_plan",
  "max_parallel_workers_per_gather = 0",
  ...["bitmapscan", "sort"].map((method) => `enable_${method} = on`),
];

/** Reads on connections that only searches use. */
export interface SearchReader {
  /** Reads of which each ends with a Problem (timeout) after so many milliseconds, the wait for its turn included. */
  reader(milliseconds: number): Reader;
  close(): Promise<void>;
}

/** Opens its connections as they are needed. */
export function postgresSearchReader(connections: Connections): SearchReader {
  const idle: Client[] = [];
  const waiting: (() => void)[] = [];
  let taken = 0;
  let isClosed = false;

  /** Resolves when there is a place. */
  function turn(milliseconds: number): Promise<void> {
    if (taken < maxConnections) {
      taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const mine = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(mine), 1);
        reject(tooLate());
      }, milliseconds);
      waiting.push(mine);
    });
  }

  /** Hands the place on. */
  function leave(): void {
    const following = waiting.shift();
    if (following) following();
    else taken -= 1;
  }

  async function once(query: QueryConfig, milliseconds: number): Promise<never[]> {
    const client = idle.pop() ?? (await connections.dedicated());
    let isOfUse = true;
    try {
      return await answer(client, query, milliseconds);
    } catch (error) {
      isOfUse = !isLost(error);
      throw error;
    } finally {
      if (isOfUse && !isClosed) idle.push(client);
      else client.end().catch(() => undefined);
    }
  }

  /** Its statements are not prepared, so that each is planned for what is looked for. */
  async function read(query: QueryConfig, milliseconds: number): Promise<never[]> {
    const end = performance.now() + milliseconds;
    await turn(milliseconds);
    const left = () => Math.max(1, Math.ceil(end - performance.now()));
    try {
      return await once(query, left()).catch((error) => {
        if (isLost(error)) return once(query, left());
        throw error;
      });
    } finally {
      leave();
    }
  }

  return {
    reader: (milliseconds) => ({
      all: (...asked: AnyAsked) =>
        read(statementOf(asked), milliseconds).catch((error) => {
          throw problemOf(error);
        }),
    }),
    close: async () => {
      isClosed = true;
      await Promise.all(idle.splice(0).map((client) => client.end()));
    },
  };
}

/** Three statements in one round trip; the settings end with the transaction. */
async function answer(client: Client, query: QueryConfig, milliseconds: number): Promise<never[]> {
  const local = [...settings, `statement_timeout = ${milliseconds}`].map((setting) => `SET LOCAL ${setting}`);
  const [, { rows }] = await Promise.all([
    client.query(`BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; ${local.join("; ")}`),
    client.query({ ...query, query_timeout: milliseconds + answerPatience } as QueryConfig),
    client.query("COMMIT"),
  ]);
  return rows as never[];
}
