import { registerHooks } from "node:module";

/** Loaded with `--import`: what programs import by the names of our packages comes from their sources. */
const sources: Readonly<Record<string, string>> = {
  "innbox/testing": "../../../src/testing.ts",
  "@innbox/client": "../../../client/src/index.ts",
};

registerHooks({
  resolve: (specifier, context, next) => {
    const source = sources[specifier];
    return source ? { url: new URL(source, import.meta.url).href, shortCircuit: true } : next(specifier, context);
  },
});
