import { unavailable } from "../../core/problem.ts";
import type { Refusals } from "../refusals.ts";

/** What a body under way is counted for: the network of a caller that is not known yet, or a known caller. */
export interface BodyOwner {
  readonly isKnown: boolean;
  /** The network, or what stands for the caller. */
  readonly key: string;
}

/** The memory that one body takes while it is under way. */
export interface BodyShare {
  /** Counts so many bytes more. @throws Problem (unavailable) when there is no room for them */
  grow(bytes: number): void;
  /** Counts the body for another owner from now on. */
  handTo(owner: BodyOwner): void;
  /** Counts it no longer. May be called again. */
  release(): void;
}

export interface BodyBudget {
  open(owner: BodyOwner): BodyShare;
  /** How many bytes are counted. */
  underWay(): number;
}

/**
 * Limits the memory of bodies that have not been carried out yet: `total` bytes of all of them, of which callers who are
 * not known have at most half, and one network or one known caller a quarter. One body of `bodyLimit` bytes always has
 * room in each of them. So a flood of strangers leaves room for those who are known, and one caller for the others.
 */
export function bodyBudget(total: number, bodyLimit: number, refusals: Refusals): BodyBudget {
  const limits = {
    all: Math.max(total, 2 * bodyLimit),
    strangers: Math.max(total / 2, bodyLimit),
    owner: Math.max(total / 4, bodyLimit),
  };
  const owners = new Map<string, number>();
  let all = 0;
  let strangers = 0;

  function refuse(kind: string): never {
    refusals.count(kind);
    throw unavailable("The server has too many large bodies under way.");
  }

  function add({ isKnown, key }: BodyOwner, bytes: number): void {
    const name = nameOf(isKnown, key);
    const own = (owners.get(name) ?? 0) + bytes;
    if (own > 0) owners.set(name, own);
    else owners.delete(name);
    all += bytes;
    if (!isKnown) strangers += bytes;
  }

  return {
    underWay: () => all,
    open: (first) => {
      let owner = first;
      let counted = 0;
      return {
        grow: (bytes) => {
          const own = owners.get(nameOf(owner.isKnown, owner.key)) ?? 0;
          if (own + bytes > limits.owner) refuse(`bodies of one ${owner.isKnown ? "caller" : "network"}`);
          if (!owner.isKnown && strangers + bytes > limits.strangers) refuse("bodies of unknown callers");
          if (all + bytes > limits.all) refuse("bodies");
          add(owner, bytes);
          counted += bytes;
        },
        handTo: (next) => {
          add(owner, -counted);
          owner = next;
          add(owner, counted);
        },
        release: () => {
          add(owner, -counted);
          counted = 0;
        },
      };
    },
  };
}

function nameOf(isKnown: boolean, key: string): string {
  return `${isKnown ? "known" : "unknown"} ${key}`;
}
