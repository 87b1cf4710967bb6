import { useSignal } from "@preact/signals";
import type { ButtonHTMLAttributes, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ColumnRole, People } from "../../lib/shared/model";
import type { useColumns } from "./columns";
import type { usePeopleFile } from "./people-file";

/**
 * Parses the text at each change, then calls `onRead`. Returns whether it is under way. Holds presses in the form around
 * `box` until `file` and text are read.
 */
export function useParsing(
  box: RefObject<HTMLElement | null>,
  { text, file }: { text: string; file: ReturnType<typeof usePeopleFile> },
  country: string | undefined,
  columns: ReturnType<typeof useColumns>,
  onRead: (people: People) => void,
): boolean {
  const isReading = useSignal(false);
  const reading = useHeldPress(box, file.ended);
  // Before the next key, which may submit the form.
  useLayoutEffect(() => {
    const end = (read: People) => {
      reading.current = undefined;
      isReading.value = false;
      onRead(read);
    };
    if (text.trim() === "") {
      end({ people: [], rejects: [] });
      return undefined;
    }
    const stop = new AbortController();
    isReading.value = true;
    reading.current = readPeople(text, { country, roles: columns.roles() }, stop.signal).then((read) => {
      if (!read || stop.signal.aborted) return false;
      end(read);
      return true;
    });
    return () => {
      stop.abort();
      reading.current = undefined;
    };
  }, [text, country, columns.text]);
  return isReading.value;
}

/** Marks a button as one that acts on the people, beside the main one. */
export const HELD: ButtonHTMLAttributes<HTMLButtonElement> & { "data-held": "" } = { "data-held": "" };

/**
 * Holds presses of the main and marked buttons in the form around `box` until the file and the returned reading end
 * (true: completed), so the last input counts. Typing after a press cancels it.
 */
function useHeldPress(box: RefObject<HTMLElement | null>, fileEnded: () => Promise<boolean> | undefined) {
  const reading = useRef<Promise<boolean> | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    const ended = () => fileEnded() ?? reading.current;
    let latest = 0;
    const press = async (button: HTMLButtonElement) => {
      latest += 1;
      const mine = latest;
      for (let next = ended(); next; next = ended()) {
        if (!(await next)) return;
        // One task later, the form shows what was read.
        await new Promise((resolve) => setTimeout(resolve));
      }
      if (latest === mine && button.isConnected) button.click();
    };
    const hold = (event: Event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>("button[type=submit], button[data-held]");
      if (!button || !ended()) return;
      event.preventDefault();
      event.stopPropagation();
      void press(button);
    };
    const form = box.current?.closest("form");
    form?.addEventListener("click", hold, { capture: true, signal: stop.signal });
    form?.addEventListener("input", () => (latest += 1), { signal: stop.signal });
    return () => stop.abort();
  }, []);
  return reading;
}

async function readPeople(
  text: string,
  { country, roles }: { country: string | undefined; roles: Record<string, ColumnRole[]> },
  signal: AbortSignal,
): Promise<People | undefined> {
  const { parsePeopleAsync } = await import("../../lib/shared/people");
  return parsePeopleAsync(text, { country, roles }, signal);
}
