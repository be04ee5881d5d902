#!/usr/bin/env node
import { readFileSync } from "node:fs";
import module from "node:module";

// An older Node can read this file, so that it can say what is missing.
const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const oldest = engines.node.replace(">=", "");
const [major, minor] = process.versions.node.split(".").map(Number);
const [oldestMajor, oldestMinor] = oldest.split(".").map(Number);

if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
  process.stderr.write(`Innbox needs Node ${oldest} or newer, and this is ${process.versions.node}.\n`);
  process.exitCode = 1;
} else {
  // Node 24 calls its own SQLite experimental, which is nothing that the user could do anything about.
  const printers = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name === "ExperimentalWarning" && warning.message.startsWith("SQLite")) return;
    for (const print of printers) print(warning);
  });
  module.enableCompileCache();
  await import("../dist/main.js");
}
