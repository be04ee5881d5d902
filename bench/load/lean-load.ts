import { connect } from "node:net";
import { connections, loadArguments, printRate } from "./rate.ts";

/**
 * The same as `load.ts` by bare sockets, which takes a quarter of the processor: for where the load must not cost what
 * is measured. Prints answers per second.
 */
const { url, bodies, seconds, rate } = loadArguments();
const { hostname, port, pathname } = new URL(url);
const requests = bodies.map((body) => {
  const headers = ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`];
  return Buffer.from([`POST ${pathname} HTTP/1.1`, `Host: ${hostname}:${port}`, ...headers, "", body].join("\r\n"));
});
let answers = 0;
let sends = 0;

/** From one request of a connection to its next, in milliseconds. */
const pause = (1000 * connections) / rate;

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

await printRate(open, () => answers, seconds);
