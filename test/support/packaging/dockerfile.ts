import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DockerfileParser, type Instruction, Keyword } from "dockerfile-ast";

export const dockerfileText = readFileSync(fileURLToPath(new URL("../../../Dockerfile", import.meta.url)), "utf8");
const dockerfile = DockerfileParser.parse(dockerfileText);

/** The instructions of the stage that packs Innbox, and of the one that becomes the image. */
export const [buildStage, imageStage] = stages();

function stages(): readonly [Instruction[], Instruction[]] {
  const all = dockerfile.getInstructions();
  const second = all.findLastIndex((instruction) => instruction.getKeyword() === Keyword.FROM);
  return [all.slice(0, second), all.slice(second)];
}

/** What stands behind a keyword in the stage that becomes the image, word by word. */
export function wordsOf(keyword: Keyword): string[] {
  const found = imageStage.findLast((instruction) => instruction.getKeyword() === keyword);
  return found?.getArguments().map((word) => word.getValue()) ?? [];
}

/** A command that is written as a JSON list. @throws SyntaxError for one that is not, which a shell would have to run */
export function commandOf(keyword: Keyword): string[] {
  const list: unknown = JSON.parse(
    wordsOf(keyword)
      .join(" ")
      .replace(/^[^[]*/, ""),
  );
  return Array.isArray(list) ? list.map(String) : [];
}

/** The variables with which a container starts. */
export const environment: Readonly<Record<string, string>> = Object.fromEntries(
  dockerfile.getENVs().flatMap((env) => env.getProperties().map((pair) => [pair.getName(), pair.getValue() ?? ""])),
);
