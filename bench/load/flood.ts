import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { parseArgs } from "node:util";

/** Sends the bytes of a file from many connections at once. Prints how often each status was answered. */
const { values } = parseArgs({
  options: {
    url: { type: "string", default: "" },
    file: { type: "string", default: "" },
    connections: { type: "string", default: "20" },
  },
});

const bytes = readFileSync(values.file);
const { hostname, port } = new URL(values.url);

function send(): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on("data", (data) => {
      answer += data;
    });
    socket.on("error", () => undefined);
    socket.once("close", () => resolve(answer.slice(9, 12) || "closed"));
  });
}

const statuses = await Promise.all(Array.from({ length: Number(values.connections) }, send));
const counts = Object.groupBy(statuses, (status) => status);
const parts = Object.entries(counts).map(([status, all]) => `${all?.length} × ${status}`);
process.stdout.write(`${parts.join(", ")}\n`);
