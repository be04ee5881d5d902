import { once } from "node:events";
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";

/** One message of PostgreSQL's protocol: a letter, a length, and what it says. */
interface Message {
  readonly kind: string;
  readonly bytes: Buffer;
}

/** A connection to the server, which a client borrows for one transaction. */
interface Lent {
  readonly socket: Socket;
  /** Gets everything that the server says. */
  hear: (message: Message) => void;
}

interface Lending {
  /** Resolves with the connection that has been idle for the longest time, as soon as there is one. */
  borrow(): Promise<Lent>;
  giveBack(lent: Lent): void;
}

/** What may be asked for at the start; a pooler does not know what to do about anything else. */
const knownParameters = ["user", "database", "client_encoding", "application_name"];

const protocol = 196_608;

/**
 * A pooler as PgBouncer is one in its mode `transaction`: it greets clients by itself, and gives each of their
 * transactions one of a few connections. What is sent ahead waits until its turn comes. Gone when the test ends.
 * @returns the URL of the same database behind it
 */
export async function startTransactionPooler(t: TestContext, database: string, count = 4): Promise<string> {
  const connections: Lent[] = [];
  for (let opened = 0; opened < count; opened += 1) connections.push(await open(new URL(database)));
  const sockets = new Set(connections.map(({ socket }) => socket));
  const connectionsToLend = lending(connections);
  const server = createServer((client) => {
    sockets.add(client);
    client.setNoDelay().on("error", () => undefined);
    serve(client, connectionsToLend);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const behind = new URL(database);
  behind.port = String((server.address() as AddressInfo).port);
  return behind.href;
}

async function open({ hostname, port, pathname, username }: URL): Promise<Lent> {
  const socket = connectSocket(Number(port), hostname).setNoDelay();
  socket.on("error", () => undefined);
  const lent: Lent = { socket, hear: () => undefined };
  readMessages(socket, (message) => lent.hear(message));
  const ready = new Promise<void>((resolve) => {
    lent.hear = ({ kind }) => {
      if (kind === "Z") resolve();
    };
  });
  socket.write(startup({ user: username, database: pathname.slice(1) }));
  await ready;
  return lent;
}

function lending(connections: readonly Lent[]): Lending {
  const idle = [...connections];
  const waiting: ((lent: Lent) => void)[] = [];
  return {
    borrow: async () => idle.shift() ?? new Promise((resolve) => waiting.push(resolve)),
    giveBack: (lent) => {
      // What the server says between two transactions, such as a notification, reaches no client.
      lent.hear = () => undefined;
      const next = waiting.shift();
      if (next) next(lent);
      else idle.push(lent);
    },
  };
}

function serve(client: Socket, { borrow, giveBack }: Lending): void {
  const turns: Buffer[][] = [];
  let turn: Buffer[] = [];
  let isServing = false;
  let lent: Lent | undefined;

  /** Sends what was asked up to the next moment at which the server says how the transaction stands. */
  async function next(): Promise<void> {
    isServing = true;
    for (let asked = turns.shift(); asked; asked = turns.shift()) {
      lent ??= await borrow();
      if ((await answered(lent, asked, client)) !== "I") continue;
      giveBack(lent);
      lent = undefined;
    }
    isServing = false;
  }

  function received({ kind, bytes }: Message): void {
    if (kind === "X") return void client.end();
    turn.push(bytes);
    if (kind !== "Q" && kind !== "S") return;
    turns.push(turn);
    turn = [];
    if (!isServing) void next();
  }

  client.on("close", () => {
    // The transaction of a client that leaves in its middle is rolled back.
    if (lent) lent.socket.write(message("Q", Buffer.from("ROLLBACK\0")));
  });
  readMessages(client, received, (parameters) => greet(client, parameters));
}

/** Sends messages, and passes the answers on. @returns how the transaction stands: `I` when it has ended */
function answered(lent: Lent, asked: readonly Buffer[], client: Socket): Promise<string> {
  return new Promise((resolve) => {
    lent.hear = ({ kind, bytes }) => {
      client.write(bytes);
      if (kind === "Z") resolve(bytes.toString("latin1", 5));
    };
    lent.socket.write(Buffer.concat(asked));
  });
}

function greet(client: Socket, parameters: readonly string[]): void {
  const unknown = parameters.find((name) => !knownParameters.includes(name));
  if (unknown) {
    client.end(message("E", Buffer.from(`SFATAL\0C08P01\0Munsupported startup parameter: ${unknown}\0\0`)));
  } else {
    client.write(Buffer.concat([message("R", Buffer.alloc(4)), message("Z", Buffer.from("I"))]));
  }
}

/** Cuts what comes into messages. Of a client, the first one has no letter and names parameters. */
function readMessages(
  socket: Socket,
  received: (message: Message) => void,
  started?: (parameters: readonly string[]) => void,
): void {
  let rest = Buffer.alloc(0);
  let isStarting = started !== undefined;
  socket.on("data", (piece: Buffer) => {
    rest = Buffer.concat([rest, piece]);
    for (;;) {
      const letter = isStarting ? 0 : 1;
      if (rest.length < letter + 4) return;
      const length = letter + rest.readInt32BE(letter);
      if (rest.length < length) return;
      const bytes = rest.subarray(0, length);
      rest = rest.subarray(length);
      if (isStarting) {
        isStarting = false;
        const words = bytes.toString("utf8", 8).split("\0");
        started?.(words.filter((word, index) => index % 2 === 0 && word !== ""));
      } else {
        received({ kind: bytes.toString("latin1", 0, 1), bytes });
      }
    }
  });
}

function message(kind: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, 0, "latin1");
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const words = Object.entries(parameters).flat();
  const content = Buffer.from(`${words.join("\0")}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(content.length + 8, 0);
  head.writeInt32BE(protocol, 4);
  return Buffer.concat([head, content]);
}
