/** Downloads a file under a suggested name. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName(name);
  link.click();
  // The browser reads the blob after the click; half a minute suffices on any disk.
  setTimeout(() => URL.revokeObjectURL(url), 30_000);
}

/** Returns a name valid on every file system, without text direction marks. */
export function fileName(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Bidi_Control}<>:"/\\|?*]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 120);
}
