import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { toCsv } from "../../lib/shared/csv";
import { picturesIn } from "../../lib/shared/vcard";

/** Characters; longer drafts are not stored. */
const LARGEST = 2_000_000;
/** Bytes; spreadsheets are read whole. */
const LARGEST_BOOK = 10_000_000;
/** Bytes read at a time, to keep the screen responsive. */
const PIECE = 128 * 1024;

/** Kinds of files with a list of people, and with a table. */
export const FILES = { people: "txt, csv, tsv, vcf, json, xlsx, ods", table: "txt, csv, tsv, xlsx, ods" } as const;

/** Returns what a file button accepts. */
export function acceptOf(files: string): string {
  return `${files.replace(/\w+/g, ".$&")},text/*`;
}

/** `sheets` are a workbook's, else empty. */
interface FileText {
  text: string;
  sheets: string[];
}

/** Why a file was not read. `plan`: a plan for several groups. */
export type FileTrouble = "large" | "unreadable" | "locked" | "plan";

/** The workbook in the list; `text`: the chosen sheet's. */
interface Book {
  file: File;
  sheets: string[];
  at: number;
  text: string;
}

/** Reads files into a list of people. `put` replaces `old` when the sheet changes; `size`: the list's length. */
export function usePeopleFile({ put, size }: { put: (text: string, old?: string) => void; size: () => number }) {
  const trouble = useSignal<FileTrouble | undefined>(undefined);
  const reading = useSignal<{ name: string; share: number } | undefined>(undefined);
  const book = useSignal<Book | undefined>(undefined);
  const running = useRef<AbortController | undefined>(undefined);
  const ended = useRef<Promise<boolean> | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const stop = () => {
    running.current?.abort();
    reading.value = undefined;
  };
  /** Returns whether the text was put. */
  const load = async (file: File, sheet: number, old?: Book): Promise<boolean> => {
    stop();
    const mine = new AbortController();
    running.current = mine;
    trouble.value = undefined;
    reading.value = { name: file.name, share: 0 };
    const onShare = (share: number) => (reading.value = { name: file.name, share });
    // Gone, or locked by another program.
    const read = await readFile(file, { sheet, onShare, signal: mine.signal }).catch(() => "unreadable" as const);
    if (mine.signal.aborted || read === undefined) return false;
    reading.value = undefined;
    if (typeof read === "string") trouble.value = read;
    else if (isPlan(read.text)) trouble.value = "plan";
    else if (size() - (old?.text.length ?? 0) + read.text.length > LARGEST) trouble.value = "large";
    else {
      put(read.text, old?.text);
      book.value = read.sheets.length > 0 ? { file, sheets: read.sheets, at: sheet, text: read.text } : undefined;
      return true;
    }
    return false;
  };
  const open = (file: File, sheet = 0, old?: Book) => (ended.current = load(file, sheet, old));
  return {
    trouble,
    reading,
    book,
    open: (file: File) => open(file),
    openSheet: (at: number) => (book.value ? open(book.value.file, at, book.value) : undefined),
    stop,
    /** The reading under way, if any; true once its text was put. */
    ended: () => (reading.peek() ? ended.current : undefined),
    forget: () => {
      stop();
      trouble.value = undefined;
      book.value = undefined;
    },
  };
}

/** Whether a text is a saved plan, with people for certain groups. */
function isPlan(text: string): boolean {
  return /^\s*\{\s*"format":\s*"wappfy-groups-plan"/.test(text);
}

/**
 * Reads a text without contact pictures, or a workbook's sheet (.xlsx, .ods) as CSV. `onShare` gets 0 to 1. Undefined
 * if stopped.
 */
async function readFile(
  file: File,
  { sheet = 0, onShare, signal }: { sheet?: number; onShare?: (share: number) => void; signal: AbortSignal },
): Promise<FileText | FileTrouble | undefined> {
  const start = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  if (start[0] === 0x50 && start[1] === 0x4b) return readBook(file, sheet, signal);
  // The container of old and encrypted Excel files.
  if (start[0] === 0xd0 && start[1] === 0xcf) return "locked";
  const wide =
    start[0] === 0xff && start[1] === 0xfe
      ? "utf-16le"
      : start[0] === 0xfe && start[1] === 0xff
        ? "utf-16be"
        : undefined;
  for (const encoding of wide === undefined ? ["utf-8", "windows-1252"] : [wide]) {
    const text = await readPieces(file, encoding, { onShare, signal });
    // Not UTF-8. Windows-1252 takes every byte, and digits are the same.
    if (text === "not-so") continue;
    return typeof text === "object" ? { ...text, sheets: [] } : text;
  }
  return "unreadable";
}

async function readPieces(
  file: File,
  encoding: string,
  { onShare, signal }: { onShare?: (share: number) => void; signal: AbortSignal },
): Promise<{ text: string } | "large" | "unreadable" | "not-so" | undefined> {
  const decoder = new TextDecoder(encoding, { fatal: encoding === "utf-8" });
  const isPicture = picturesIn();
  const lines: string[] = [];
  let length = 0;
  let rest = "";
  for (let from = 0; from < file.size; from += PIECE) {
    const bytes = new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer());
    if (signal.aborted) return undefined;
    if (encoding !== "utf-16le" && encoding !== "utf-16be" && bytes.includes(0)) return "unreadable";
    const isLast = from + PIECE >= file.size;
    try {
      rest += decoder.decode(bytes, { stream: !isLast });
    } catch {
      return "not-so";
    }
    const end = isLast ? rest.length : rest.lastIndexOf("\n") + 1;
    for (const line of rest.slice(0, end).match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      if (isPicture(line)) continue;
      lines.push(line);
      length += line.length;
    }
    rest = rest.slice(end);
    // A picture is one endless line; its beginning suffices.
    if (rest.length > PIECE && isPicture(rest)) rest = rest.slice(0, 100);
    if (length + rest.length > LARGEST) return "large";
    onShare?.(Math.min(1, (from + PIECE) / file.size));
  }
  return { text: lines.join("") };
}

async function readBook(file: File, sheet: number, signal: AbortSignal): Promise<FileText | FileTrouble | undefined> {
  if (file.size > LARGEST_BOOK) return "large";
  const { readWorkbook } = await import("../../lib/shared/workbook");
  const book = await readWorkbook(new Uint8Array(await file.arrayBuffer()), sheet);
  if (signal.aborted) return undefined;
  if (book === undefined) return "unreadable";
  // Without the byte order mark for spreadsheets.
  const text = toCsv(book.rows).slice(1);
  return text.length > LARGEST ? "large" : { text, sheets: book.sheets };
}
