import type { Microseconds } from "../../core/clock.ts";
import type { MemoryDatabase } from "../../store/engines/sqlite/memory.ts";
import type { World } from "./world.ts";

/** All data of a world at one time, kept in memory. */
export interface Image extends MemoryDatabase {
  readonly taken: Microseconds;
  /** The world's clock, where it was not the machine's own. */
  readonly clock: { readonly now: Microseconds; readonly isFrozen: boolean } | undefined;
}

/** What a request is answered on; both kinds close when it is over. */
export interface Exchange {
  readonly closed: boolean;
  once(event: "close", listener: () => void): unknown;
}

/** The worlds of a sandbox. `Found` is a world as the program that keeps them has it. */
export interface Worlds<Found extends World = World> {
  /** The world of a name, made now if there is none; it stays for as long as `exchange` is open, and a while after. */
  find(name: string, exchange?: Exchange): Promise<Found>;
  names(): readonly string[];
  /** @throws Problem (conflict) for a world whose data can't be copied */
  takeImage(name: string): Promise<Image>;
  /**
   * Ends a world, if there is one of this name, and begins it anew with the data of an image, or as worlds begin.
   * @throws Problem (conflict) for a world whose data can't be replaced
   */
  renew(name: string, image?: Image): Promise<Found>;
  drop(name: string): Promise<void>;
  stop(): Promise<void>;
}
