import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { parseArgs } from "node:util";
import { rateOf } from "./rate.ts";

/**
 * A closed loop of keep-alive connections that send prepared requests, one after the other and over again, through
 * Node's own client, as a partner's program would. Prints answers per second.
 */
const { values } = parseArgs({
  options: {
    url: { type: "string", default: "" },
    /** A file with a JSON array of texts. */
    bodies: { type: "string", default: "" },
    connections: { type: "string", default: "32" },
    seconds: { type: "string", default: "3" },
  },
});

const agent = new Agent({ keepAlive: true });
const bodies = (JSON.parse(readFileSync(values.bodies, "utf8")) as string[]).map((body) => Buffer.from(body));
let answers = 0;
let sends = 0;

function send(): void {
  const body = bodies[sends % bodies.length] ?? Buffer.alloc(0);
  sends += 1;
  const headers = { "Content-Type": "application/json", "Content-Length": body.length };
  const sent = request(values.url, { method: "POST", agent, headers }, (response) => {
    if (response.statusCode !== 200) throw new Error(`Unexpected answer: ${response.statusCode}`);
    response.resume().once("end", () => {
      answers += 1;
      send();
    });
  });
  sent.end(body);
}

for (let connection = 0; connection < Number(values.connections); connection += 1) send();
process.stdout.write(`${await rateOf(() => answers, Number(values.seconds))}\n`);
process.exit(0);
