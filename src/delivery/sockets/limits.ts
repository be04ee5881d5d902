import { Problem, unavailable } from "../../core/problem.ts";

/** How many WebSockets there may be at once. */
export interface SocketLimits {
  readonly all: number;
  /** Of one access token. */
  readonly token: number;
}

/** Counts WebSockets by their access tokens. */
export interface SocketPlaces {
  /**
   * Takes a place.
   * @returns what gives it back
   * @throws Problem (unavailable) when there are too many of all tokens, (tooMany) of this one
   */
  take(tokenKey: string): () => void;
}

/** @param refused  called for what is refused, in the plural */
export function socketPlaces(limits: SocketLimits, refused: (kind: string) => void): SocketPlaces {
  const counts = new Map<string, number>();
  let all = 0;
  return {
    take: (tokenKey) => {
      const own = counts.get(tokenKey) ?? 0;
      if (all >= limits.all) {
        refused("WebSockets");
        throw unavailable("The server has too many WebSockets.");
      }
      if (own >= limits.token) {
        refused("WebSockets of one access token");
        const message = `An access token may have ${limits.token} WebSockets at once.`;
        throw new Problem("tooMany", message, { retryAfterSeconds: 5 });
      }
      all += 1;
      counts.set(tokenKey, own + 1);
      return () => {
        all -= 1;
        const left = (counts.get(tokenKey) ?? 0) - 1;
        if (left > 0) counts.set(tokenKey, left);
        else counts.delete(tokenKey);
      };
    },
  };
}
