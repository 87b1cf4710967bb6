/** Runs work after all earlier work has ended, and returns its outcome. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Opens a queue; failed work does not stop it. */
export function openQueue(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined); // The caller gets the error.
    return result;
  };
}
