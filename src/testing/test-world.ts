import type { TrafficEntry } from "../protocol/sandbox/traffic.ts";
import { demoTokens } from "../sandbox/demo/demo-world.ts";
import type { StartedWorld } from "../sandbox/serve/start-world.ts";
import { defaultWorld, worldHeader } from "../sandbox/worlds/world-names.ts";
import type { Worlds } from "../sandbox/worlds/worlds.ts";
import { type EventList, eventList, type SandboxEvent } from "./event-list.ts";
import { type Guest, guestOf } from "./guest.ts";
import { type Staff, staffOf } from "./staff.ts";
import type { WorldAccess } from "./world-access.ts";
import { clockOf, faultsOf, type TestClock, type TestFaults } from "./world-controls.ts";

export interface Tokens {
  readonly ClientToken: string;
  readonly AccessToken: string;
}

/** One world of a sandbox, and all that a test does to it. */
export interface TestWorld {
  readonly url: string;
  /** What an application sends along with its requests to reach this world; empty for the default one. */
  readonly headers: Readonly<Record<string, string>>;
  /** Client 1's, for all three properties. */
  readonly tokens: Tokens;
  readonly guest: Guest;
  readonly staff: Staff;
  readonly faults: TestFaults;
  readonly clock: TestClock;
  /** All that has happened since this was asked for, or since the last reset. */
  readonly events: readonly SandboxEvent[];
  /** What went over the wire. */
  traffic(): Promise<readonly TrafficEntry[]>;
  /** Gives client 1's webhook a URL. @returns the secret that its requests are signed with */
  webhook(url: string): Promise<string>;
  /**
   * The first event, among those that there are or as they come, that `isIt` accepts.
   * @param within  how long to wait for it, in milliseconds of real time; 5,000 by default
   * @throws Error that says what happened instead
   */
  waitFor(isIt: (event: SandboxEvent) => boolean, within?: number): Promise<SandboxEvent>;
  /** As it was at the start. */
  reset(): Promise<void>;
}

/** How long to wait for an event, in milliseconds. */
const patience = 5000;

/**
 * A sandbox that listens.
 * @internal
 */
export interface ListeningSandbox {
  readonly url: string;
  readonly worlds: Worlds<StartedWorld>;
}

/**
 * @param name  of the world, which is made if there is none
 * @internal
 */
export async function testWorld(server: ListeningSandbox, name: string): Promise<TestWorld> {
  const headers: Record<string, string> = name === defaultWorld ? {} : { [worldHeader]: name };
  const world = (): Promise<StartedWorld> => server.worlds.find(name);
  let list: EventList = await eventList(await world());

  async function ask<T>(operation: string, input: object): Promise<T> {
    const answer = await fetch(`${server.url}/sandbox/v1/${operation}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(input),
    });
    const body = (await answer.json()) as T & { readonly Message?: string };
    if (!answer.ok) throw new Error(body.Message);
    return body;
  }

  const access: WorldAccess = { world, ask, caughtUp: () => list.caughtUp() };
  return {
    url: server.url,
    headers,
    tokens: demoTokens,
    guest: guestOf(access),
    staff: staffOf(access),
    faults: faultsOf(access),
    clock: clockOf(access),
    get events() {
      return list.events;
    },
    traffic: async () => (await world()).traffic.after(0, Number.POSITIVE_INFINITY),
    webhook: async (url) => {
      const { Secret } = await ask<{ Secret: string }>("webhooks/set", {
        ClientToken: demoTokens.ClientToken,
        Url: url,
      });
      return Secret;
    },
    waitFor: (isIt, within = patience) => found(list, isIt, within),
    reset: async () => {
      await ask("state/reset", {});
      list = await eventList(await world());
    },
  };
}

async function found(list: EventList, isIt: (event: SandboxEvent) => boolean, within: number): Promise<SandboxEvent> {
  await list.caughtUp();
  const there = list.events.find(isIt);
  if (there) return there;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      end();
      reject(new Error(`Nothing of the kind happened within ${within} ms. What did: ${summary(list.events)}.`));
    }, within);
    const end = list.onEvent((event) => {
      try {
        if (!isIt(event)) return;
        resolve(event);
      } catch (error) {
        reject(error);
      }
      clearTimeout(timer);
      end();
    });
  });
}

function summary(events: readonly SandboxEvent[]): string {
  const words = events.map(({ Discriminator, Message }) =>
    Message ? `${Discriminator} by ${Message.Sender.Discriminator} "${Message.Text.slice(0, 60)}"` : Discriminator,
  );
  return words.length > 0 ? words.slice(-20).join(", ") : "nothing";
}
