import { test } from "node:test";
import { checkHostilities, type Hostility, redirect, secure, trickle } from "../support/hostile-receiver.ts";

const ok = "HTTP/1.1 200 OK\r\n";
const tooLate = "It did not answer within 5 seconds.";

const slow: Hostility[] = [
  { name: "says nothing", answer: () => undefined, isSlow: true, error: tooLate },
  { name: "says nothing where TLS is expected", answer: () => undefined, url: secure, isSlow: true, error: tooLate },
  {
    name: "sends its headers a byte a second",
    answer: (socket) => trickle(socket, [..."HTTP/1.1 200"], 1000),
    isSlow: true,
    error: tooLate,
  },
  {
    name: "announces its answer for ever",
    answer: (socket) => trickle(socket, ["HTTP/1.1 103 Early Hints\r\n\r\n"], 50),
    isSlow: true,
    error: tooLate,
  },
  {
    name: "sends a short body a byte a second",
    answer: (socket) => {
      socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`);
      trickle(socket, ["1\r\nx\r\n"], 1000);
    },
    isSlow: true,
    error: tooLate,
    status: 200,
  },
  {
    name: "never ends a body that it began",
    answer: (socket) => socket.write(`${ok}Content-Length: 10\r\n\r\nx`),
    isSlow: true,
    error: tooLate,
    status: 200,
  },
  {
    name: "redirects slowly, again and again",
    answer: (socket) => setTimeout(() => redirect("/again")(socket), 2000),
    isSlow: true,
    error: tooLate,
    requests: 3,
  },
];

test("a receiver that takes longer than 5 s is a failed attempt and nothing else", { concurrency: true }, (t) =>
  checkHostilities(t, slow),
);
