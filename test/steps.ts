/**
 * Counts the work that a function does with text, in steps that are the same on every computer. Each regular expression
 * is run a second time by a small backtracking machine, which goes the ways that the browser's goes, without its
 * shortcuts; each method of strings that goes over the text counts what it goes over.
 */

/* oxlint-disable no-extend-native, typescript/unbound-method -- for as long as it counts, it stands in for the browser */

type Node =
  | { kind: "char"; test: (char: string) => boolean }
  | { kind: "seq" | "or"; of: Node[] }
  | { kind: "many"; of: Node; min: number; max: number; isLazy: boolean }
  | { kind: "group"; of: Node; index: number }
  | { kind: "look"; of: Node; isBehind: boolean; isNot: boolean }
  | { kind: "edge"; at: "^" | "$" | "b" | "B" }
  | { kind: "again"; index: number };

type Step =
  | { op: "char"; test: (char: string) => boolean; isBack: boolean }
  | { op: "fork"; first: number; second: number }
  | { op: "jump"; to: number }
  | { op: "keep"; slot: number }
  /** Goes on only where something was taken since the slot was kept: an empty round of a loop ends it. */
  | { op: "moved"; slot: number }
  | { op: "edge"; at: "^" | "$" | "b" | "B" }
  | { op: "look"; program: Program; isNot: boolean }
  | { op: "again"; index: number; isBack: boolean };

interface Program {
  steps: Step[];
  slots: number;
}

/** Where groups began and ended and loops stood, the newest first: nothing is copied when a way forks. */
type Kept = { slot: number; at: number; before: Kept } | undefined;

function keptIn(kept: Kept, slot: number): number | undefined {
  for (let one = kept; one; one = one.before) if (one.slot === slot) return one.at;
  return undefined;
}

const nativeExec = RegExp.prototype.exec;
const programs = new Map<string, Program>();
const atoms = new Map<string, (char: string) => boolean>();
let steps = 0;
/** Nobody waits for more, unless the text is long on purpose. */
const MOST = 5_000_000;
let most = MOST;

/** Whether one character matches an atom such as `\d` or `[^a-z]`, asked of the browser's own machine once for each. */
function atomOf(source: string, flags: string): (char: string) => boolean {
  const key = `${flags}/${source}`;
  const known = atoms.get(key);
  if (known) return known;
  const native = new RegExp(`^(?:${source})$`, flags.replace(/[gymd]/g, ""));
  const answers = new Map<string, boolean>();
  const test = (char: string): boolean => {
    const answer = answers.get(char) ?? Reflect.apply(nativeExec, native, [char]) !== null;
    answers.set(char, answer);
    return answer;
  };
  atoms.set(key, test);
  return test;
}

function parse(source: string, flags: string): Node {
  let at = 0;
  let groups = 0;
  const names = new Map<string, number>();
  const eat = (text: string): boolean => {
    const isNext = source.startsWith(text, at);
    if (isNext) at += text.length;
    return isNext;
  };
  const char = (atom: string): Node => ({ kind: "char", test: atomOf(atom, flags) });
  const until = (end: string): string => {
    const from = at;
    at = source.indexOf(end, from) + end.length;
    return source.slice(from, at - end.length);
  };
  const either = (): Node => {
    const of = [sequence()];
    while (eat("|")) of.push(sequence());
    return of.length === 1 ? of[0]! : { kind: "or", of };
  };
  const sequence = (): Node => {
    const of: Node[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") of.push(quantified(one()));
    return { kind: "seq", of };
  };
  const closed = (): Node => {
    const inner = either();
    if (!eat(")")) throw new Error(`unclosed group in ${source}`);
    return inner;
  };
  const one = (): Node => {
    for (const edge of ["^", "$"] as const) if (eat(edge)) return { kind: "edge", at: edge };
    for (const edge of ["b", "B"] as const) if (eat(`\\${edge}`)) return { kind: "edge", at: edge };
    if (eat("(?:")) return closed();
    for (const [mark, isBehind, isNot] of [
      ["(?=", false, false],
      ["(?!", false, true],
      ["(?<=", true, false],
      ["(?<!", true, true],
    ] as const)
      if (eat(mark)) return { kind: "look", of: closed(), isBehind, isNot };
    if (eat("(")) {
      groups += 1;
      const index = groups;
      if (eat("?<")) names.set(until(">"), index);
      return { kind: "group", index, of: closed() };
    }
    if (eat("\\k<")) return { kind: "again", index: names.get(until(">"))! };
    const from = at;
    if (eat("[")) {
      for (; source[at] !== "]"; at += 1) if (source[at] === "\\") at += 1;
      at += 1;
    } else if (eat("\\")) {
      const sign = source[at]!;
      if (/[1-9]/.test(sign)) {
        at += 1;
        return { kind: "again", index: Number(sign) };
      }
      if (/[pPu]/.test(sign) && source[at + 1] === "{") until("}");
      else at += { u: 5, x: 3 }[sign] ?? 1;
    } else at += flags.includes("u") ? String.fromCodePoint(source.codePointAt(at)!).length : 1;
    return char(source.slice(from, at));
  };
  const quantified = (of: Node): Node => {
    let min = 0;
    let max = Infinity;
    const counted = Reflect.apply(nativeExec, /^\{(\d+)(,?)(\d*)\}/, [source.slice(at)]) as RegExpExecArray | null;
    if (eat("+")) min = 1;
    else if (eat("?")) max = 1;
    else if (counted) {
      at += counted[0].length;
      min = Number(counted[1]);
      max = counted[2] === "" ? min : counted[3] === "" ? Infinity : Number(counted[3]);
    } else if (!eat("*")) return of;
    return { kind: "many", of, min, max, isLazy: eat("?") };
  };
  return either();
}

function compile(source: string, flags: string): Program {
  const program: Program = { steps: [], slots: 200 };
  const emit = (node: Node, isBack: boolean, { steps }: Program): void => {
    switch (node.kind) {
      case "char":
        steps.push({ op: "char", test: node.test, isBack });
        break;
      case "edge":
        steps.push({ op: "edge", at: node.at });
        break;
      case "again":
        steps.push({ op: "again", index: node.index, isBack });
        break;
      case "seq":
        for (const one of isBack ? node.of.toReversed() : node.of) emit(one, isBack, { steps, slots: 0 });
        break;
      case "group":
        steps.push({ op: "keep", slot: node.index * 2 + (isBack ? 1 : 0) });
        emit(node.of, isBack, { steps, slots: 0 });
        steps.push({ op: "keep", slot: node.index * 2 + (isBack ? 0 : 1) });
        break;
      case "look": {
        const inner: Program = { steps: [], slots: program.slots };
        emit(node.of, node.isBehind, inner);
        steps.push({ op: "look", program: inner, isNot: node.isNot });
        break;
      }
      case "or": {
        const ends: { op: "jump"; to: number }[] = [];
        for (const [i, one] of node.of.entries()) {
          if (i === node.of.length - 1) {
            emit(one, isBack, { steps, slots: 0 });
            break;
          }
          const fork = { op: "fork" as const, first: steps.length + 1, second: 0 };
          steps.push(fork);
          emit(one, isBack, { steps, slots: 0 });
          const end = { op: "jump" as const, to: 0 };
          ends.push(end);
          steps.push(end);
          fork.second = steps.length;
        }
        for (const end of ends) end.to = steps.length;
        break;
      }
      case "many": {
        const { of, min, max, isLazy } = node;
        const fork = (): ((out: number) => void) => {
          const at = steps.length;
          const step = { op: "fork" as const, first: at + 1, second: at + 1 };
          steps.push(step);
          return (out) => void (isLazy ? (step.first = out) : (step.second = out));
        };
        for (let i = 0; i < min; i += 1) emit(of, isBack, { steps, slots: 0 });
        if (max === Infinity) {
          const from = steps.length;
          const leave = fork();
          const slot = (program.slots += 1);
          steps.push({ op: "keep", slot });
          emit(of, isBack, { steps, slots: 0 });
          steps.push({ op: "moved", slot }, { op: "jump", to: from });
          leave(steps.length);
        } else {
          const leaves: ((out: number) => void)[] = [];
          for (let i = min; i < max; i += 1) {
            leaves.push(fork());
            emit(of, isBack, { steps, slots: 0 });
          }
          for (const leave of leaves) leave(steps.length);
        }
      }
    }
  };
  emit(parse(source, flags), false, program);
  return program;
}

/** The end of a match that begins at `start`, with what was kept on the way; undefined where there is none. */
function run(program: Program, text: string, start: number, flags: string, before: Kept): [number, Kept] | undefined {
  const isPoint = flags.includes("u");
  const isWord = (i: number) => i >= 0 && i < text.length && atomOf("\\w", "")(text[i]!);
  const isLine = (i: number) => flags.includes("m") && atomOf("[\\n\\r\\u2028\\u2029]", "")(text[i]!);
  const waiting: [step: number, at: number, kept: Kept][] = [[0, start, before]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    let [index, at, kept] = next;
    for (;;) {
      steps += 1;
      if (steps > most) throw new Error(`more than ${most} steps`);
      const step = program.steps[index];
      if (!step) return [at, kept];
      index += 1;
      if (step.op === "char") {
        const from = step.isBack ? at - 1 : at;
        if (from < 0 || from >= text.length) break;
        const isPair = isPoint && !step.isBack && text.codePointAt(from)! > 0xffff;
        const char = isPair ? text.slice(from, from + 2) : text[from]!;
        if (!step.test(char)) break;
        at += step.isBack ? -1 : char.length;
      } else if (step.op === "fork") {
        waiting.push([step.second, at, kept]);
        index = step.first;
      } else if (step.op === "jump") index = step.to;
      else if (step.op === "keep") kept = { slot: step.slot, at, before: kept };
      else if (step.op === "moved") {
        if (keptIn(kept, step.slot) === at) break;
      } else if (step.op === "look") {
        const there = run(step.program, text, at, flags, kept);
        if ((there !== undefined) === step.isNot) break;
        if (there) [, kept] = there;
      } else if (step.op === "again") {
        const was = text.slice(keptIn(kept, step.index * 2) ?? 0, keptIn(kept, step.index * 2 + 1) ?? 0);
        steps += was.length;
        if (!text.startsWith(was, step.isBack ? at - was.length : at)) break;
        at += step.isBack ? -was.length : was.length;
      } else {
        const isAt = {
          "^": () => at === 0 || isLine(at - 1),
          $: () => at === text.length || isLine(at),
          b: () => isWord(at - 1) !== isWord(at),
          B: () => isWord(at - 1) === isWord(at),
        }[step.at];
        if (!isAt()) break;
      }
    }
  }
  return undefined;
}

function countedExec(this: RegExp, text: string): RegExpExecArray | null {
  // The machine's own expressions do not count.
  RegExp.prototype.exec = nativeExec;
  try {
    return execAndCount(this, text);
  } finally {
    RegExp.prototype.exec = countedExec;
  }
}

function execAndCount(regexp: RegExp, text: string): RegExpExecArray | null {
  const { source, flags, lastIndex } = regexp;
  const key = `${flags}/${source}`;
  const program = programs.get(key) ?? compile(source, flags);
  programs.set(key, program);
  const isSticky = flags.includes("y");
  let found: [number, number] | undefined;
  for (let start = isSticky || flags.includes("g") ? lastIndex : 0; start <= text.length; start += 1) {
    const end = run(program, text, start, flags, undefined);
    if (end) found = [start, end[0]];
    if (end || isSticky) break;
  }
  const match = Reflect.apply(nativeExec, regexp, [text]) as RegExpExecArray | null;
  const own = found?.join();
  const real = match ? `${match.index},${match.index + match[0].length}` : undefined;
  if (own !== real) throw new Error(`${regexp} on ${JSON.stringify(text.slice(0, 80))}: ${own}, and really ${real}`);
  return match;
}

/** Methods of strings that go over the whole text. */
const WHOLE = ["replaceAll", "split", "trim", "toLowerCase", "toUpperCase", "normalize"] as const;

/** How many steps `work` takes; an error where they are more than `limit`. */
export function countSteps(work: () => unknown, limit = MOST): number {
  most = limit;
  const own = new Map(WHOLE.map((name) => [name, String.prototype[name]]));
  steps = 0;
  RegExp.prototype.exec = countedExec;
  for (const [name, method] of own) {
    String.prototype[name] = function counted(this: string, ...input: never[]): never {
      steps += this.length;
      return Reflect.apply(method, this, input) as never;
    } as never;
  }
  try {
    work();
    return steps;
  } finally {
    RegExp.prototype.exec = nativeExec;
    for (const [name, method] of own) String.prototype[name] = method as never;
  }
}
