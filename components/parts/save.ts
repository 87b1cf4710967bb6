/** Offers a file to the agent as a download. `name` is the suggestion for its name; characters that no disk takes go. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName(name);
  link.click();
  // The browser reads the blob after the click; half a minute is long enough on any disk.
  setTimeout(() => URL.revokeObjectURL(url), 30_000);
}

/** A name that every file system takes, without the marks of direction that sentences from right to left bring along. */
export function fileName(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Bidi_Control}<>:"/\\|?*]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 120);
}
