import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { parseArgs } from "node:util";
import { rateOf } from "./rate.ts";

/**
 * The same as `load.ts` by bare sockets, which takes a quarter of the processor: for where the load must not cost what
 * is measured. Prints answers per second.
 */
const { values } = parseArgs({
  options: {
    url: { type: "string", default: "" },
    /** A file with a JSON array of texts. */
    bodies: { type: "string", default: "" },
    connections: { type: "string", default: "32" },
    seconds: { type: "string", default: "3" },
    /** Requests per second at most. */
    rate: { type: "string", default: "Infinity" },
  },
});

const { hostname, port, pathname } = new URL(values.url);
const bodies = JSON.parse(readFileSync(values.bodies, "utf8")) as string[];
const requests = bodies.map((body) => {
  const headers = ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`];
  return Buffer.from([`POST ${pathname} HTTP/1.1`, `Host: ${hostname}:${port}`, ...headers, "", body].join("\r\n"));
});
let answers = 0;
let sends = 0;

/** From one request of a connection to its next, in milliseconds. */
const pause = (1000 * Number(values.connections)) / Number(values.rate);

function open(): void {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let received = "";
  let due = performance.now();
  const send = () => {
    due = Math.max(due + pause, performance.now());
    socket.write(requests[sends % requests.length] ?? "");
    sends += 1;
  };
  socket.on("connect", send);
  // A character for each byte.
  socket.setEncoding("latin1").on("data", (piece) => {
    received += piece;
    if (received.length < lengthOf(received)) return;
    received = "";
    answers += 1;
    const wait = due - performance.now();
    if (wait > 0) setTimeout(send, wait);
    else send();
  });
}

/** How long an answer is with its head. */
function lengthOf(received: string): number {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return Number.POSITIVE_INFINITY;
  const head = received.slice(0, end);
  if (!head.startsWith("HTTP/1.1 200 ")) throw new Error(`Unexpected answer: ${head}`);
  return end + 4 + Number(/^Content-Length: (\d+)/im.exec(head)?.[1]);
}

for (let connection = 0; connection < Number(values.connections); connection += 1) open();
process.stdout.write(`${await rateOf(() => answers, Number(values.seconds))}\n`);
process.exit(0);
