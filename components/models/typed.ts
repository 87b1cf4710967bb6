/** Collects typing until the popup has a field; the returned function stops and returns it. */
export function keepTyping(signal: AbortSignal): () => string {
  let text = "";
  const stop = new AbortController();
  const keep = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== document.body) return;
    if (event.key === "Backspace") text = text.slice(0, -1);
    if (event.key.length === 1) text += event.key;
  };
  document.addEventListener("keydown", keep, { signal: stop.signal });
  signal.addEventListener("abort", () => stop.abort(), { once: true });
  return () => {
    stop.abort();
    return text.trim();
  };
}
