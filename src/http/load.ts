import { type Problem, unavailable } from "../core/problem.ts";

/** Counts requests that are under way, so that there are not too many, and a server that stops can wait for them. */
export interface Load {
  /** A request whose body is yet to come. A server that stops waits for it, but it does not count as worked on yet. */
  begin(): RequestLoad;
  /** Refuses new requests from now on. */
  stop(): void;
  isStopping(): boolean;
  /** @throws Problem (unavailable) after `stop` */
  mustBeOpen(): void;
  /** @throws Problem (unavailable) while there is no room for another request that is worked on */
  mustHaveRoom(): void;
  /** Waits until nothing is under way, at most so many milliseconds. */
  idle(milliseconds: number): Promise<void>;
}

export interface RequestLoad {
  /** Its body has come, and it is worked on. @throws Problem (unavailable) */
  work(): void;
  /** It is over, or goes on without being counted. May be called again. */
  end(): void;
}

/**
 * @param limit  how many requests may be worked on at once. Those whose body is still coming don't count, or a caller who
 *   withholds the ends of bodies would keep all others out
 */
export function requestLoad(limit: number): Load {
  let underWay = 0;
  let working = 0;
  let isStopping = false;
  let whenIdle: (() => void) | undefined;

  function mustHaveRoom(): void {
    if (working >= limit) throw tooMuch();
  }

  return {
    stop: () => {
      isStopping = true;
    },
    isStopping: () => isStopping,
    mustBeOpen: () => {
      if (isStopping) throw unavailable("The server is stopping.");
    },
    mustHaveRoom,
    begin: () => {
      let state: "receiving" | "working" | "over" = "receiving";
      underWay += 1;
      return {
        work: () => {
          if (state !== "receiving") return;
          mustHaveRoom();
          working += 1;
          state = "working";
        },
        end: () => {
          if (state === "over") return;
          if (state === "working") working -= 1;
          state = "over";
          underWay -= 1;
          if (underWay === 0) whenIdle?.();
        },
      };
    },
    idle: (milliseconds) =>
      new Promise((resolve) => {
        if (underWay === 0) return resolve();
        const timer = setTimeout(resolve, milliseconds);
        whenIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}

function tooMuch(): Problem {
  return unavailable("The server has too many requests under way.");
}
