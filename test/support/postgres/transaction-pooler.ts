import { once } from "node:events";
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";

/** One message of PostgreSQL's protocol: a letter, a length, and what it says. */
interface Message {
  readonly kind: string;
  readonly bytes: Buffer;
}

/** A connection to the server, which whoever has a transaction borrows for as long as it takes. */
interface Lent {
  readonly socket: Socket;
  /** Told of everything that the server says. */
  hear: (message: Message) => void;
}

/** What may be asked for at the start; a pooler does not know what to do about anything else. */
const knownParameters = ["user", "database", "client_encoding", "application_name"];

const protocol = 196_608;

/**
 * A pooler as PgBouncer is one in its mode `transaction`: it greets clients by itself, and gives each transaction of
 * theirs another one of a few connections. What is sent ahead waits until its turn comes. Gone when the test ends.
 * @returns the URL of the same database behind it
 */
export async function startTransactionPooler(t: TestContext, database: string, count = 4): Promise<string> {
  const { hostname, port, pathname, username } = new URL(database);
  const sockets = new Set<Socket>();
  const idle: Lent[] = [];
  const waiting: ((lent: Lent) => void)[] = [];

  function giveBack(lent: Lent): void {
    // What it says to nobody, such as a notification, is lost.
    lent.hear = () => undefined;
    const next = waiting.shift();
    if (next) next(lent);
    else idle.push(lent);
  }

  /** That which has been idle for the longest time. */
  async function borrow(): Promise<Lent> {
    return idle.shift() ?? new Promise((resolve) => waiting.push(resolve));
  }

  async function open(): Promise<Lent> {
    const socket = connectSocket(Number(port), hostname).setNoDelay();
    sockets.add(socket);
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

  async function serve(client: Socket): Promise<void> {
    sockets.add(client);
    client.setNoDelay().on("error", () => undefined);
    const turns: Buffer[][] = [];
    let turn: Buffer[] = [];
    let isServing = false;
    let lent: Lent | undefined;

    /** Sends what was asked up to the next moment at which the server says how the transaction stands. */
    async function next(): Promise<void> {
      isServing = true;
      for (let asked = turns.shift(); asked; asked = turns.shift()) {
        const current = lent ?? (await borrow());
        lent = current;
        const answered = new Promise<string>((resolve) => {
          current.hear = ({ kind, bytes }) => {
            client.write(bytes);
            if (kind === "Z") resolve(bytes.toString("latin1", 5));
          };
        });
        current.socket.write(Buffer.concat(asked));
        if ((await answered) !== "I") continue;
        lent = undefined;
        giveBack(current);
      }
      isServing = false;
    }

    client.on("close", () => {
      // Whoever leaves in the middle of a transaction leaves it to nobody.
      if (lent) lent.socket.write(message("Q", Buffer.from("ROLLBACK\0")));
    });
    readMessages(
      client,
      ({ kind, bytes }) => {
        if (kind === "X") return void client.end();
        turn.push(bytes);
        if (kind !== "Q" && kind !== "S") return;
        turns.push(turn);
        turn = [];
        if (!isServing) void next();
      },
      (parameters) => {
        const unknown = parameters.find((name) => !knownParameters.includes(name));
        if (unknown) {
          client.end(message("E", Buffer.from(`SFATAL\0C08P01\0Munsupported startup parameter: ${unknown}\0\0`)));
        } else {
          client.write(Buffer.concat([message("R", Buffer.alloc(4)), message("Z", Buffer.from("I"))]));
        }
      },
    );
  }

  for (let opened = 0; opened < count; opened += 1) idle.push(await open());
  const server = createServer((client) => void serve(client)).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const behind = new URL(database);
  behind.port = String((server.address() as AddressInfo).port);
  return behind.href;
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
