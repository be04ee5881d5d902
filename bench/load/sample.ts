import type { MessageThread } from "../../src/protocol/connector/message-threads.ts";
import { formatDateTime } from "../../src/protocol/date-time.ts";
import { bodiesOf, call } from "./processes.ts";
import type { Seeded } from "./seed.ts";

/** The ids of the newest threads of a time. */
export async function newestThreads(url: string, { from, to }: Seeded, count: number): Promise<string[]> {
  const interval = { StartUtc: formatDateTime(from), EndUtc: formatDateTime(to) };
  const [body] = bodiesOf([{ CreatedUtc: interval, Limitation: { Count: count } }]);
  const list = await call<{ MessageThreads: readonly MessageThread[] }>(url, "messageThreads/getAll", body);
  return list.MessageThreads.map(({ Id }) => Id);
}

/** The ids of `count` threads from all over the time of a seeded database, in no order, by ten of each moment. */
export async function threadsAllOver(url: string, seeded: Seeded, count: number): Promise<string[]> {
  const ids: string[] = [];
  const moments = Math.ceil(count / 10);
  for (let moment = 1; moment <= moments; moment += 1) {
    const to = seeded.from + ((seeded.to - seeded.from) * moment) / moments;
    ids.push(...(await newestThreads(url, { from: seeded.from, to }, 10)));
  }
  return shuffled(ids).slice(0, count);
}

/** The same order in every run. */
function shuffled<T>(items: readonly T[]): T[] {
  const stride = 7;
  return Array.from({ length: stride }, (_, first) => items.filter((_, index) => index % stride === first)).flat();
}
