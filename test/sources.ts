import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";

/** The project's own source files, parsed, for tests that hold them to the rules of the design. */

/** A node of the syntax tree, as the parser gives it. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** One import or re-export of a file. */
interface Import {
  /** As written. */
  from: string;
  /** Path from the project's folder when it is one of our files; else undefined. */
  file?: string;
  /** Brings in types alone, so that nothing of it is in the built file. */
  isType: boolean;
}

/** One source file. */
export interface Source {
  /** Path from the project's folder, with forward slashes. */
  path: string;
  text: string;
  program: Node;
  imports: Import[];
  /** Exported names, and whether each says what it gives: in a docstring, or, if it is a type, at its members. */
  exports: { name: string; hasDocs: boolean }[];
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** All source files under the folders. */
export function readSources(folders: string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
      .toSorted()
      .map((path) => parseSource(path, readFileSync(join(root, path), "utf8"))),
  );
}

/** One file from its text; a test can invent one. */
export function parseSource(path: string, text: string): Source {
  const { program, module, comments, errors } = parseSync(path, text);
  if (errors.length) throw new Error(`${path}: ${errors[0]!.message}`);
  const imports: Import[] = [];
  const add = (from: string, isType: boolean) => imports.push({ from, file: fileOf(path, from), isType });
  for (const { moduleRequest, entries, start } of module.staticImports) {
    add(
      moduleRequest.value,
      /^import\s+type\b/.test(text.slice(start)) || (entries.length > 0 && entries.every((entry) => entry.isType)),
    );
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) if (moduleRequest) add(moduleRequest.value, isType);
  }
  for (const { moduleRequest } of module.dynamicImports) {
    add(text.slice(moduleRequest.start, moduleRequest.end).replace(/^["'`]|["'`]$/g, ""), false);
  }
  const docs = comments.filter(({ type, value }) => type === "Block" && value.startsWith("*"));
  const hasDocs = ({ start, end, isType }: Declaration) =>
    docs.some((doc) => doc.end <= start && text.slice(doc.end, start).trim() === "") ||
    // A type also says what it is at its members, and one of a single line by itself.
    (isType && (docs.some((doc) => doc.start > start && doc.end < end) || !text.slice(start, end).includes("\n")));
  const exports = module.staticExports.flatMap(({ start, entries }) =>
    entries
      .filter((entry) => !entry.moduleRequest)
      .map(({ exportName, localName }) => ({
        name: exportName.name ?? "default",
        hasDocs: hasDocs(declarationOf(program as unknown as Node, start, localName.name)),
      })),
  );
  return { path, text, program: program as unknown as Node, imports, exports };
}

/** Every node under one, itself included, with the nodes around it, innermost last. */
export function* walk(node: Node, parents: Node[] = []): Generator<[node: Node, parents: Node[]]> {
  yield [node, parents];
  const inside = [...parents, node];
  for (const [key, value] of Object.entries(node)) {
    if (key === "parent") continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) yield* walk(child, inside);
    }
  }
}

/** Whether a node makes a function. */
export function isFunction(node: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

/** Nodes that run when the file is imported: all that is in no function. */
export function* onImport(source: Source): Generator<Node> {
  for (const [node, parents] of walk(source.program)) {
    const isInType = parents.some(({ type }) => type.startsWith("TS") && !/^TS(As|Satisfies|NonNull)/.test(type));
    const isInClass = parents.some(({ type, static: isStatic }) => type === "PropertyDefinition" && !isStatic);
    if (!isInType && !isInClass && !parents.some(isFunction)) yield node;
  }
}

/** A chain of names as it is written, `browser.storage.session`; undefined for anything else. */
export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Identifier") return node["name"] as string;
  if (node.type === "ThisExpression") return "this";
  if (node.type === "ChainExpression" || node.type === "TSNonNullExpression" || node.type === "TSAsExpression") {
    return nameOf(node["expression"]);
  }
  if (node.type === "CallExpression") {
    const called = nameOf(node["callee"]);
    return called && `${called}()`;
  }
  if (node.type !== "MemberExpression" || node["computed"]) return undefined;
  const object = nameOf(node["object"]);
  return object && `${object}.${(node["property"] as Node)["name"] as string}`;
}

/** Calls in a file, with what is called as a chain of names. */
export function* calls(source: Source): Generator<{ name: string; node: Node; parents: Node[] }> {
  for (const [node, parents] of walk(source.program)) {
    const name = node.type === "CallExpression" || node.type === "NewExpression" ? nameOf(node["callee"]) : undefined;
    if (name !== undefined) yield { name, node, parents };
  }
}

/** Names used in a file as values: not those of types, properties and imports. */
export function* identifiers(source: Source): Generator<string> {
  for (const [node, parents] of walk(source.program)) {
    const parent = parents.at(-1);
    const isProperty =
      (parent?.type === "MemberExpression" && parent["property"] === node && !parent["computed"]) ||
      (parent?.type === "Property" && parent["key"] === node && !parent["computed"]);
    const isTyped = parents.some(({ type }) => type.startsWith("TSType") || type.startsWith("TSInterface"));
    if (node.type === "Identifier" && !isProperty && !isTyped) yield node["name"] as string;
  }
}

/** Strings of a file, template texts included. */
export function* strings(source: Source): Generator<string> {
  for (const [node, parents] of walk(source.program)) {
    if (parents.at(-1)?.type.startsWith("Import")) continue;
    if (node.type === "Literal" && typeof node["value"] === "string") yield node["value"];
    if (node.type === "TemplateElement") yield (node["value"] as { raw: string }).raw;
  }
}

/** Files that come with one when it is built, itself included; imports of types do not count. */
export function closure(sources: Source[], path: string): Source[] {
  const found = new Map<string, Source>();
  const visit = (at: string) => {
    const source = sources.find((one) => one.path === at);
    if (!source || found.has(at)) return;
    found.set(at, source);
    for (const { file, isType } of source.imports) if (file && !isType) visit(file);
  };
  visit(path);
  return [...found.values()];
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

interface Declaration {
  start: number;
  end: number;
  isType: boolean;
}

/** The statement that declares an exported name; `start` is where the export is written. */
function declarationOf(program: Node, start: number, local: string | null): Declaration {
  const body = program["body"] as Node[];
  const written = body.find((node) => node.start === start)!;
  const declared =
    (written["declaration"] as Node | null) ??
    body.find(
      (node) =>
        (node["id"] as { name?: string } | undefined)?.name === local ||
        (node["declarations"] as { id: { name?: string } }[] | undefined)?.some(({ id }) => id.name === local),
    );
  const isType = /^TS(Interface|TypeAlias)Declaration$/.test(declared?.type ?? "");
  return { start: written["declaration"] ? start : (declared?.start ?? start), end: (declared ?? written).end, isType };
}

/** The file that a relative import names. */
function fileOf(importer: string, from: string): string | undefined {
  if (!from.startsWith(".")) return undefined;
  const path = join(dirname(importer), from).replaceAll("\\", "/");
  const found = ["", ".ts", ".tsx", "/index.ts"].find(
    (end) => /\.\w+$/.test(path + end) && existsSync(join(root, path + end)),
  );
  return found === undefined ? path : path + found;
}
