import { readFileSync } from "node:fs";
import type Type from "typebox";
import { Compile } from "typebox/schema";
import { invalid } from "../../core/problem.ts";
import { parseYaml } from "./yaml-text.ts";

/** One of the files beside this one. It is read, checked and given to `make` when it is first asked for. */
export function dataFile<T extends Type.TSchema, R>(
  path: string,
  schema: T,
  make: (data: Type.Static<T>) => R,
): () => R {
  const read = remembered(() => make(readData(path, schema)));
  return () => read(path);
}

/**
 * The files of a folder, one for each language, as in `personas/de.yaml`. The file of a language is read, checked and
 * given to `make` when the language is first asked for by its code.
 */
export function languageFiles<T extends Type.TSchema, R>(
  folder: string,
  schema: T,
  make: (data: Type.Static<T>, code: string) => R,
): (code: string) => R {
  return remembered((code) => make(readData(`${folder}/${code}.yaml`, schema), code));
}

function remembered<R>(read: (name: string) => R): (name: string) => R {
  const known = new Map<string, R>();
  return (name) => {
    const value = known.get(name) ?? read(name);
    known.set(name, value);
    return value;
  };
}

function readData<T extends Type.TSchema>(path: string, schema: T): Type.Static<T> {
  return checkedData(path, readFileSync(new URL(path, import.meta.url), "utf8"), schema);
}

/**
 * What is in the text of a file.
 * @throws Problem (invalid) with the file, the field and what is wrong: `personas/de.yaml: topics.wifi is missing.`
 */
export function checkedData<T extends Type.TSchema>(path: string, text: string, schema: T): Type.Static<T> {
  const value = parseYaml(path, text);
  const validator = Compile(schema);
  if (validator.Check(value)) return value;
  const [, [error]] = validator.Errors(value);
  throw invalid(`${path}: ${error ? sentence(error) : "The file is not as its schema says."}`);
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

function sentence({ keyword, instancePath, params, message }: SchemaError): string {
  const field = instancePath.slice(1).replaceAll("/", ".") || "The file";
  if (keyword === "required" && "requiredProperties" in params) {
    return `${[instancePath, params.requiredProperties].join("/").slice(1).replaceAll("/", ".")} is missing.`;
  }
  // An object that takes no other fields refuses each of them by the schema `false`.
  if (keyword === "boolean") return `${field} is none of the fields that are known here.`;
  if (keyword === "enum" && "allowedValues" in params)
    return `${field} must be one of ${[params.allowedValues].flat().join(", ")}.`;
  return `${field} ${message}.`;
}
