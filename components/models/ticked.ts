import { useRef } from "preact/hooks";

/** Returns a copy with `id` in or out; toggled by default. */
export function toggled<Id>(set: ReadonlySet<Id>, id: Id, isOn = !set.has(id)): Set<Id> {
  const next = new Set(set);
  if (isOn) next.add(id);
  else next.delete(id);
  return next;
}

/** Toggles a row. `isRange`: chooses a range from `from`, by default the last toggled, that can grow and shrink. */
export type Pick = (key: string, isRange: boolean, from?: string) => void;

/** Chooses among `keys`, in list order. Ranges omit rows that are `isAlone`. */
export function usePick(
  chosen: ReadonlySet<string>,
  keys: () => string[],
  onChange: (chosen: ReadonlySet<string>, isRange: boolean) => unknown,
  isAlone: (key: string) => boolean = () => false,
): Pick {
  const last = useRef<{ from: string; to: string; base: ReadonlySet<string>; size: number }>(undefined);
  return (key, isRange, from) => {
    // A choice changed elsewhere starts a new range.
    const old = last.current?.size === chosen.size ? last.current : undefined;
    const run = old && (from === undefined || from === old.to) ? old : { from, base: chosen };
    const all = isRange ? keys() : [];
    const [start = -1, end = -1] = [run.from ?? "", key].map((each) => all.indexOf(each)).toSorted((a, b) => a - b);
    if (start < 0) {
      const next = toggled(chosen, key);
      last.current = { from: key, to: key, base: next, size: next.size };
      onChange(next, false);
      return;
    }
    const next = new Set([...run.base, ...all.slice(start, end + 1).filter((each) => !isAlone(each))]);
    last.current = { from: run.from ?? key, to: key, base: run.base, size: next.size };
    onChange(next, true);
  };
}
