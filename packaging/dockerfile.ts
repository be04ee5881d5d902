/** One instruction, as in `COPY` with `--from=build /app /app`. */
export interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

/** What a container of the last stage is started with. */
export interface Start {
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  readonly folder: string;
  readonly user: string;
}

/** The instructions of each stage, in their order. */
export function stagesOf(dockerfile: string): readonly (readonly Instruction[])[] {
  const stages: Instruction[][] = [];
  const lines = dockerfile.replace(/^\s*#.*\n/gm, "").replace(/\\\n\s*/g, " ");
  for (const line of lines.split("\n").filter((text) => text.trim() !== "")) {
    const [, keyword = "", text = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === "FROM") stages.push([]);
    stages.at(-1)?.push({ keyword, text });
  }
  return stages;
}

/** What a stage says of its containers. @throws SyntaxError for a command that is no list of words */
export function startOf(stage: readonly Instruction[]): Start {
  const text = (keyword: string) => stage.findLast((instruction) => instruction.keyword === keyword)?.text ?? "";
  const words = (keyword: string) => JSON.parse(text(keyword).replace(/^[^[]*/, "")) as string[];
  const pairs = [...text("ENV").matchAll(/(\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value] as const);
  return {
    environment: Object.fromEntries(pairs),
    command: [...words("ENTRYPOINT"), ...words("CMD")],
    healthCheck: words("HEALTHCHECK"),
    folder: text("WORKDIR"),
    user: text("USER"),
  };
}
