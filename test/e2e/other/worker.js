/* Another extension in the same browser: asks what the browser would warn of, and tries to speak to ours. */
self.addEventListener("install", () => self.skipWaiting());
