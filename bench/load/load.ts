import { Agent, request } from "node:http";
import { loadArguments, printRate } from "./rate.ts";

/**
 * A closed loop of keep-alive connections that send prepared requests, one after the other and over again, through
 * Node's own client, as a partner's program would. Prints answers per second.
 */
const { url, seconds, ...given } = loadArguments();
const agent = new Agent({ keepAlive: true });
const bodies = given.bodies.map((body) => Buffer.from(body));
let answers = 0;
let sends = 0;

function send(): void {
  const body = bodies[sends % bodies.length] ?? Buffer.alloc(0);
  sends += 1;
  const headers = { "Content-Type": "application/json", "Content-Length": body.length };
  const sent = request(url, { method: "POST", agent, headers }, (response) => {
    if (response.statusCode !== 200) throw new Error(`Unexpected answer: ${response.statusCode}`);
    response.resume().once("end", () => {
      answers += 1;
      send();
    });
  });
  sent.end(body);
}

await printRate(send, () => answers, seconds);
