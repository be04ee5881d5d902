import { registerHooks } from "node:module";

const testing = new URL("../../../src/testing.ts", import.meta.url).href;

// Loaded with `--import`: programs that import innbox/testing get its source, since dist/ is built only when it is packed.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "innbox/testing" ? { url: testing, shortCircuit: true } : next(specifier, context),
});
