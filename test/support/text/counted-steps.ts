import { Session } from "node:inspector";
import { countedExec } from "./expression-steps.ts";

/** The work of a function went beyond the steps that it may take. */
export class TooManySteps extends Error {}

/**
 * Counts the steps of work on text: each round of a loop and each call in Innbox's own code, as V8's coverage counts
 * them; each instruction of a regular expression; and what functions of the language read. Nothing is timed, so that the
 * count is the same on every machine.
 */
export interface StepCounter {
  /** @throws TooManySteps as soon as the work has taken more than `limit` steps that are counted as they are taken */
  stepsOf(work: () => unknown, limit: number): number;
  end(): void;
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

/** @param folders  the URLs below which Innbox's own code lies */
export function stepCounter(folders: readonly string[]): StepCounter {
  const session = new Session();
  session.connect();
  const post = (method: string, parameters: object = {}): unknown => {
    let answer: unknown;
    // The session answers before `post` returns.
    session.post(method, parameters, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer;
  };
  post("Profiler.enable");
  post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const takeRounds = () => {
    const { result } = post("Profiler.takePreciseCoverage") as Coverage;
    const own = result.filter(({ url }) => folders.some((folder) => url.startsWith(folder)));
    return own
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, 0);
  };
  return {
    stepsOf: (work, limit) => {
      let steps = 0;
      const count = (more: number) => {
        steps += more;
        if (steps > limit) throw new TooManySteps(`The work took more than ${limit} steps.`);
      };
      takeRounds();
      const restore = countReading(count);
      try {
        work();
      } finally {
        restore();
      }
      return steps + takeRounds();
    },
    end: () => session.disconnect(),
  };
}

type Method = (this: unknown, ...parameters: unknown[]) => unknown;

/** What a call of a function of the language costs, in characters or items that it reads or makes. */
type Cost = (self: { readonly length: number }, parameters: readonly unknown[], answer: unknown) => number;

const whole: Cost = ({ length }) => length;
const answered: Cost = (_self, _parameters, answer) => lengthOf(answer);
const given: Cost = (_self, [text]) => lengthOf(text);
const searched: Cost = ({ length }, [_wanted, from = 0], answer) => {
  const end = typeof answer === "number" && answer >= 0 ? answer : length;
  return Math.max(1, end - Number(from));
};
/** The engine sorts a run of marks by insertion. */
const sortedMarks: Cost = (self) => {
  const runs = String(self).match(/\p{M}+/gu) ?? [];
  return runs.reduce((sum, run) => sum + run.length ** 2, self.length);
};

const costs: readonly (readonly [owner: object, cost: Cost, names: string])[] = [
  [
    String.prototype,
    whole,
    "includes isWellFormed lastIndexOf localeCompare split toWellFormed trim trimEnd trimStart",
  ],
  [String.prototype, whole, "toLocaleLowerCase toLocaleUpperCase toLowerCase toUpperCase"],
  [String.prototype, answered, "concat padEnd padStart repeat replace replaceAll slice substring"],
  [String.prototype, given, "endsWith startsWith"],
  [String.prototype, searched, "indexOf"],
  [String.prototype, sortedMarks, "normalize"],
  [Array.prototype, whole, "every filter find findIndex findLast findLastIndex forEach includes join lastIndexOf map"],
  [Array.prototype, whole, "reduce reverse shift some sort splice toReversed toSorted toSpliced unshift with"],
  [Array.prototype, answered, "concat flat flatMap slice"],
  [Array.prototype, searched, "indexOf"],
  [JSON, given, "parse"],
  [JSON, answered, "stringify"],
  [URL, given, "canParse parse"],
  [Date, given, "parse"],
  [Buffer, given, "byteLength from"],
];

function lengthOf(value: unknown): number {
  return typeof value === "string" || Array.isArray(value) ? value.length : 1;
}

/** Replaces functions of the language by ones that count. @returns what has them as they were */
function countReading(count: (steps: number) => void): () => void {
  const restorations: (() => void)[] = [];
  // What the counting itself needs is not counted.
  let isCounting = false;
  const uncounted = <T>(work: () => T): T => {
    isCounting = true;
    try {
      return work();
    } finally {
      isCounting = false;
    }
  };

  function replace(owner: object, name: PropertyKey, make: (own: Method) => Method): void {
    const own = Reflect.get(owner, name) as Method;
    const counted = make(own);
    const set = (value: Method) => Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    set(function (this: unknown, ...parameters: unknown[]) {
      return (isCounting ? own : counted).apply(this, parameters);
    });
    restorations.push(() => set(own));
  }

  function countCalls(owner: object, name: string, cost: Cost): void {
    replace(
      owner,
      name,
      (own) =>
        function (this: unknown, ...parameters: unknown[]) {
          const answer = own.apply(this, parameters);
          count(uncounted(() => cost(this as { readonly length: number }, parameters, answer)));
          return answer;
        },
    );
  }

  // The matcher is made while the language is as it was.
  const countedMatch = countedExec(RegExp.prototype.exec, count);
  replace(
    RegExp.prototype,
    "exec",
    () =>
      function (this: unknown, text: unknown) {
        return uncounted(() => countedMatch.call(this as RegExp, String(text)));
      },
  );
  replace(
    String.prototype,
    Symbol.iterator,
    (own) =>
      function (this: unknown) {
        const characters = own.call(this) as Iterator<string>;
        const next = () => {
          count(1);
          return characters.next();
        };
        return { next, [Symbol.iterator]: () => ({ next }) };
      },
  );
  for (const [owner, cost, names] of costs) for (const name of names.split(" ")) countCalls(owner, name, cost);
  return () => {
    isCounting = true;
    for (const restore of restorations.reverse()) restore();
  };
}
