import { connect } from "node:net";
import { parseArgs } from "node:util";

/**
 * A closed loop of keep-alive connections that send one prepared request over and over. It reads no more of an answer
 * than its length, so that the measured server and not this program is what is busy. Prints answers per second.
 */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "" },
    path: { type: "string", default: "" },
    body: { type: "string", default: "" },
    connections: { type: "string", default: "32" },
    seconds: { type: "string", default: "3" },
  },
});

const request = Buffer.from(
  `POST ${values.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(values.body)}\r\n\r\n${values.body}`,
);

let answers = 0;
let isCounting = false;

function run(): void {
  const socket = connect({ port: Number(values.port), host: "127.0.0.1", noDelay: true });
  let missing = 0;
  let head: Buffer = Buffer.alloc(0);
  socket.on("connect", () => socket.write(request));
  socket.on("data", (chunk: Buffer) => {
    let rest = chunk;
    if (missing === 0) {
      head = head.length > 0 ? Buffer.concat([head, chunk]) : chunk;
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const text = head.toString("latin1", 0, end);
      if (!text.startsWith("HTTP/1.1 200")) throw new Error(`Unexpected answer: ${head.toString("utf8")}`);
      missing = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      rest = head.subarray(end + 4);
      head = Buffer.alloc(0);
    }
    missing -= rest.length;
    if (missing > 0) return;
    if (isCounting) answers += 1;
    socket.write(request);
  });
  socket.on("error", (error) => {
    throw error;
  });
}

for (let connection = 0; connection < Number(values.connections); connection += 1) run();

const warmUpMilliseconds = 500;
setTimeout(() => {
  isCounting = true;
  const start = performance.now();
  setTimeout(() => {
    process.stdout.write(`${(answers / (performance.now() - start)) * 1000}\n`);
    process.exit(0);
  }, Number(values.seconds) * 1000);
}, warmUpMilliseconds);
