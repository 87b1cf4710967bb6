/** A progress bar; `done` from 0 to 1. */
export function Progress({ done, label, isPaused }: { done: number; label: string; isPaused?: boolean }) {
  const percent = Math.round(Math.min(1, Math.max(0, done)) * 100);
  return (
    <div
      class={isPaused ? "progress paused" : "progress"}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}

/** Placeholder rows while loading. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div class="list-row" key={row}>
          <div class="skeleton picture" />
          <div class="grow stack tight">
            <div class="skeleton" style={{ width: `${72 - ((row * 17) % 30)}%` }} />
            <div class="skeleton thin" style={{ width: `${40 - ((row * 11) % 20)}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}
