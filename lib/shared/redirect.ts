/**
 * What an address forwards to, read from the address itself and never fetched: services that wrap each link of a mail or a
 * post, and pages that take an address as a parameter.
 */

/** Services that only forward, with the paths that do: whatever address stands in theirs is where they lead. */
const SERVICES = new RegExp(
  `^(?:[\\w-]+\\.)*(?:${(
    "facebook.com/l.php facebook.com/flx/warn lm?.instagram.com/ lm?.messenger.com/ lm?.workplace.com/ l.threads.net/ " +
    "l.threads.com/ l.wl.co/l google.[a-z]{2,3}/url google.com?.[a-z]{2}/url youtube.com/redirect vk.(?:com|ru)/away " +
    "safelinks.protection.outlook.com/ urldefense.com/ urldefense.us/ urldefense.proofpoint.com/ slack-redir.net/link " +
    "out.reddit.com/ linkedin.com/safety/go linkedin.com/redir/ t.umblr.com/redirect duckduckgo.com/l/ disq.us/ exit.sc/ " +
    "steamcommunity.com/linkfilter href.li/ web.archive.org/web/ linkprotect.cudasvc.com/ protect.checkpoint.com/ " +
    "avanan.click/ secure-web.cisco.com/ mimecast.com/ mimecastprotect.com/ search.yahoo.com/ search.aol.com/ medium.com/r/ " +
    "t.me/iv awstrack.me/ anonym.to/ dereferer.org/ deviantart.com/users/outgoing pixiv.net/jump.php archive.ph/ archive.today/"
  )
    .replace(/\./g, "\\.")
    .replace(/ /g, "|")})`,
  "i",
);
/**
 * Parameters of any site that hold where it leads; they count if their whole value is an address of an invite. Their names
 * may be words in one, such as `redirectUrl`; those of where to come back to are none.
 */
const PARAMETER =
  /^(?:amp;)?(?:u|to|(?!\w{0,20}(?:return|callback|shar|cancel|canonical|ref|source|from|origin|current|page))(?:[\w$%.-]{0,20}?)(?:url|uri|link|href|target|redir|redirect|redirect_?to|dest|destination|goto|location|out))=(\S+)$/i;
/** Sites whose links carry an address to share, show or return to, without leading there. */
const SHARES =
  /[/.](?:shar(?:e|er|ing)\w*|intent|submit\w*|pin|compose|send|add|edit|offer|clip|check|preview|screenshot|bookmark\w*|log-?in|sign-?in|sign-?up|o?auth\d?|translate|save|embed|oembed|qr[\w-]*|create-qr-code)(?=[-/.?]|$)/i;

/** Sites that show another one: Google's translation, which writes `.` as `-` and `-` as `--`, and the caches of AMP. */
const TRANSLATED = /^([\w-]{1,253})\.translate\.goog(\/.*)$/i;
const CACHED =
  /^(?:(?:[\w-]{1,63}\.)?(?:cdn\.ampproject\.org|bing-amp\.com)\/\w|(?:www\.)?google\.[a-z.]{2,6}\/amp)\/(?:s\/)?([^/]{1,253}\/.*)$/i;
/** An address of the web in base64, as redirectors hand it on: in a parameter, or as a part of the path. */
const BASE64 = /^aHR0c[\w+/-]{20,4000}={0,2}$/;

/** The addresses that an address may lead on to; `origin` is that of the document in which it stands. */
export function targetsOf(url: string, origin?: string): string[] {
  const address = /^(?:https?:)?\/\/(.*)$/i.exec(url)?.[1] ?? relativeTo(origin, url);
  if (!address) return [];
  const [place = "", ...parts] = address.split(/[?&#]/);
  const shown = shownIn(address);
  if (shown !== undefined) return [`https://${shown}`];
  const values = [...parts.map((part) => PARAMETER.exec(part)?.[1] ?? ""), ...place.split("/").filter(isBase64)];
  const wholes = SHARES.test(place) ? [] : values.map(decode).filter((value) => value !== "" && !/\s/.test(value));
  return SERVICES.test(address) ? [...wholes, ...addressesIn(address)] : wholes;
}

/** The address of what a translation or a cache shows, without its scheme; undefined for every other address. */
function shownIn(address: string): string | undefined {
  const [, host, path] = TRANSLATED.exec(address) ?? [];
  if (host === undefined) return CACHED.exec(address)?.[1];
  return host.replace(/--?/g, (dashes) => (dashes === "--" ? "-" : ".")) + path;
}

function relativeTo(origin: string | undefined, url: string): string | undefined {
  if (!origin || !/^https?:/.test(origin) || /^[a-z][a-z0-9+.-]{0,20}:/i.test(url)) return undefined;
  return origin.replace(/^https?:\/\//, "") + url.replace(/^(?:\.{0,2}\/)*/, "/");
}

/** All that stands in an address of a service and may be an address, encoded as the services do. */
function addressesIn(address: string): string[] {
  const plain = /^urldefense\./i.test(address) ? ofProofpoint(address) : address;
  return plain
    .split(/[?&#]|(?=https?(?::|%3A))/i)
    .slice(1)
    .map((part) => {
      const value = part.replace(/^[\w-]{1,40}=/, "");
      // In an address whose own slashes are encoded, a plain one begins what is the service's again (Yahoo).
      return decode(/^https?(?::|%3A)%2F/i.test(value) ? value.replace(/\/.*$/, "") : value);
    });
}

/** Proofpoint writes `-` for `%` and `_` for `/` in its second version, and `*` for what it encodes in its third. */
function ofProofpoint(address: string): string {
  if (!/^urldefense\.(?:proofpoint\.)?\w+\/v2\//i.test(address)) return address.replaceAll("*", "%");
  return address.replaceAll("-", "%").replaceAll("_", "/");
}

const isBase64 = (text: string) => BASE64.test(text);

function decode(text: string): string {
  try {
    const value = decodeURIComponent(text);
    return isBase64(value) ? atob(value.replaceAll("-", "+").replaceAll("_", "/")) : value;
  } catch {
    // A stray % makes the whole undecodable; the text forms know the encoded characters themselves.
    return text;
  }
}
