import assert from "node:assert/strict";
import { test } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { selfSigned } from "../support/delivery/certificate.ts";
import {
  checkHostilities,
  flood,
  type Hostility,
  redirect,
  say,
  secure,
  startHostile,
} from "../support/delivery/hostile-receiver.ts";
import { startReceiver } from "../support/delivery/receiver.ts";
import { announcedIds } from "../support/delivery/webhooks.ts";
import { addPartner } from "../support/server/partners.ts";
import { startSandbox } from "../support/server/server.ts";

const ok = "HTTP/1.1 200 OK\r\n";
const endless = "Transfer-Encoding: chunked\r\n\r\n";
const kibibyte = "x".repeat(1024);
/** Enough to be noticed if it were read, and no danger to the machine. */
const enough = 256 * 1024 ** 2;

const [expired, ofAnother] = [selfSigned("localhost", true), selfSigned("bot.example")];
// The two are trusted, so that nothing but what is wrong with them stands in the way.
setDefaultCACertificates([...getCACertificates("default"), expired.cert, ofAnother.cert]);

const brokenOff = (code: string) => `The connection ended before its answer was whole (${code}).`;

const hostilities: Hostility[] = [
  {
    name: "sends a body without an end",
    answer: (socket) => {
      socket.write(`${ok}${endless}`);
      flood(socket, `400\r\n${kibibyte}\r\n`, enough);
    },
    error: "Its answer does not end within 20,000 bytes.",
    status: 200,
  },
  {
    name: "sends headers without an end",
    answer: (socket) => {
      socket.write(ok);
      flood(socket, `X-Header: ${kibibyte}\r\n`, enough);
    },
    error: "The headers of its answer are too long (UND_ERR_HEADERS_OVERFLOW).",
  },
  { name: "resets the connection", answer: (socket) => socket.resetAndDestroy(), error: brokenOff("ECONNRESET") },
  { name: "hangs up", answer: say(""), error: brokenOff("UND_ERR_SOCKET") },
  { name: "hangs up in its headers", answer: say(`${ok}X: y\r\n`), error: brokenOff("UND_ERR_SOCKET") },
  {
    name: "hangs up in its body",
    answer: say(`${ok}Content-Length: 10\r\n\r\nx`),
    error: brokenOff("UND_ERR_SOCKET"),
    status: 200,
  },
  {
    name: "speaks no HTTP",
    answer: say("220 bot.example ESMTP\r\n"),
    error: "It did not answer in HTTP (HTTPParserError).",
  },
  {
    name: "sends no chunk where one is due",
    answer: say(`${ok}${endless}over here!\r\n`),
    error: "It did not answer in HTTP (HTTPParserError).",
    status: 200,
  },
  {
    name: "changes to another protocol",
    answer: say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    error: brokenOff("UND_ERR_SOCKET"),
  },
  {
    name: "redirects in circles",
    answer: redirect("/hook"),
    error: "It answered 307 after 3 redirects, or without a place.",
    status: 307,
    requests: 4,
  },
  {
    name: "redirects to no place",
    answer: say("HTTP/1.1 308 Permanent Redirect\r\nContent-Length: 0\r\n\r\n"),
    error: "It answered 308 after 3 redirects, or without a place.",
    status: 308,
  },
  { name: "redirects to what is no URL", answer: redirect("http://["), error: "It redirects to what is no URL." },
  { name: "redirects to a file", answer: redirect("file:///etc/passwd"), error: "The URL must begin with https://." },
  { name: "redirects to FTP", answer: redirect("ftp://localhost/"), error: "The URL must begin with https://." },
  {
    name: "redirects to its neighbours",
    answer: redirect("http://10.0.0.1/"),
    error: "The host 10.0.0.1 is at 10.0.0.1, which is not an address of the public internet.",
  },
  {
    name: "redirects to the cloud's metadata",
    answer: redirect("http://169.254.169.254/latest/meta-data"),
    error: "The host 169.254.169.254 is at 169.254.169.254, which is not an address of the public internet.",
  },
  {
    name: "speaks HTTP where TLS is expected",
    answer: say(`${ok}\r\n`),
    url: secure,
    error: "It does not speak TLS as it should (ERR_SSL_WRONG_VERSION_NUMBER).",
  },
  {
    name: "has signed its certificate itself",
    requests: 0,
    certificate: selfSigned("localhost"),
    url: secure,
    error: "Its certificate is not signed by anybody who is known here (DEPTH_ZERO_SELF_SIGNED_CERT).",
  },
  {
    name: "has an old certificate",
    requests: 0,
    certificate: expired,
    url: secure,
    error: "Its certificate has expired (CERT_HAS_EXPIRED).",
  },
  {
    name: "has a certificate of another host",
    requests: 0,
    certificate: ofAnother,
    url: secure,
    error: "Its certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID).",
  },
  {
    name: "refuses connections",
    requests: 0,
    url: () => "http://localhost:1/hook",
    error: "It refused the connection (ECONNREFUSED).",
  },
  {
    name: "has no address any more",
    requests: 0,
    url: () => "http://gone.example/hook",
    error: "The host gone.example can't be found.",
  },
];

test("a hostile receiver is a failed attempt and nothing else", { concurrency: true }, (t) =>
  checkHostilities(t, hostilities),
);

test("an answer without an end is read no further than what is kept of it", async (t) => {
  const server = await startSandbox(t);
  const partner = await addPartner(server);
  const { promise: closed, resolve } = Promise.withResolvers<number>();
  const receiver = await startHostile(t, (socket) => {
    socket.on("close", () => resolve(socket.bytesWritten));
    socket.write(`${ok}${endless}`);
    flood(socket, `400\r\n${kibibyte}\r\n`, enough);
  });
  await partner.hearAt(`http://127.0.0.1:${receiver.port}/hook`);
  await partner.write();
  // What the two sockets had taken on the way is far from everything.
  assert.ok((await closed) < enough / 8, `${await closed} bytes were taken`);
});

test("a long answer that says how long it is is a success, of which the first 20,000 bytes are kept", async (t) => {
  const server = await startSandbox(t);
  const partner = await addPartner(server);
  const receiver = await startReceiver(t, (_, response) => {
    response.writeHead(200, { "Content-Length": 1_000_000 }).end("0123456789".repeat(100_000));
    return undefined;
  });
  const id = await partner.hearAt(receiver.url);
  await partner.write();
  const { delivery, attempts } = await partner.attempted(id);
  assert.deepEqual([delivery.state, delivery.status, delivery.error], ["delivered", 200, null]);
  assert.equal(attempts[0]?.response_body, "0123456789".repeat(2000));
});

test("the body of a redirect is not waited for", async (t) => {
  const server = await startSandbox(t);
  const partner = await addPartner(server);
  const target = await startReceiver(t);
  const receiver = await startHostile(t, (socket) => {
    socket.write(`HTTP/1.1 308 Permanent Redirect\r\nLocation: ${target.url}/moved\r\n${endless}`);
    flood(socket, `400\r\n${kibibyte}\r\n`, enough);
  });
  const endpoint = await partner.hearAt(`http://127.0.0.1:${receiver.port}/hook`);
  const id = await partner.write();
  const { delivery } = await partner.attempted(endpoint);
  assert.equal(delivery.state, "delivered");
  assert.deepEqual([target.received[0]?.path, announcedIds(target.received)], ["/moved", [id]]);
});
