import { Agent, request } from "node:http";
import { parseArgs } from "node:util";

/**
 * A closed loop of keep-alive connections that send one prepared request over and over, through Node's own client, as a
 * partner's program would. Prints answers per second.
 */
const { values } = parseArgs({
  options: {
    url: { type: "string", default: "" },
    body: { type: "string", default: "" },
    connections: { type: "string", default: "32" },
    seconds: { type: "string", default: "3" },
  },
});

const warmUpMilliseconds = 1000;
const agent = new Agent({ keepAlive: true });
const body = Buffer.from(values.body);
const headers = { "Content-Type": "application/json", "Content-Length": body.length };
let answers = 0;

function send(): void {
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

setTimeout(() => {
  const start = performance.now();
  const before = answers;
  setTimeout(() => {
    process.stdout.write(`${((answers - before) / (performance.now() - start)) * 1000}\n`);
    process.exit(0);
  }, Number(values.seconds) * 1000);
}, warmUpMilliseconds);
