/** Services that only forward: any address in theirs is the target. */
const SERVICES = new RegExp(
  `^(?:[\\w-]+\\.)*(?:${(
    "facebook.com/l.php facebook.com/flx/warn lm?.instagram.com/ lm?.messenger.com/ lm?.workplace.com/ l.threads.net/ " +
    "l.threads.com/ l.wl.co/l google.[a-z]{2,3}/url google.com?.[a-z]{2}/url youtube.com/redirect vk.(?:com|ru)/away " +
    "safelinks.protection.outlook.com/ urldefense.com/ urldefense.us/ urldefense.proofpoint.com/ slack-redir.net/link " +
    "out.reddit.com/ linkedin.com/safety/go linkedin.com/redir/ t.umblr.com/redirect duckduckgo.com/l/ disq.us/ exit.sc/ " +
    "steamcommunity.com/linkfilter href.li/ web.archive.org/web/ linkprotect.cudasvc.com/ protect.checkpoint.com/ " +
    "avanan.click/ secure-web.cisco.com/ mimecast.com/ mimecastprotect.com/ search.yahoo.com/ search.aol.com/ medium.com/r/ " +
    "t.me/iv awstrack.me/ anonym.to/ dereferer.org/ deviantart.com/users/outgoing pixiv.net/jump.php archive.ph/ archive.today/ " +
    "mandrillapp.com/track/click/"
  )
    .replace(/\./g, "\\.")
    .replace(/ /g, "|")})`,
  "i",
);
/**
 * Parameters with a target on any site, including compounds (`redirectUrl`), but not return addresses. The whole value
 * must be an invite's address.
 */
const PARAMETER =
  /^(?:amp;)?(?:u|to|(?!\w{0,20}(?:return|callback|shar|cancel|canonical|ref|source|from|origin|current|page))(?:[\w$%.-]{0,20}?)(?:url|uri|link|href|target|redir|redirect|redirect_?to|af_dp|dest|destination|goto|location|out))=(\S+)$/i;
/** Sites that take an address to share, show or return to. */
const SHARES =
  /[/.](?:shar(?:e|er|ing)\w*|intent|submit\w*|pin|compose|send|add(?:_to)?|calendar|edit|offer|clip|check|preview|screenshot|bookmark\w*|log-?in|sign-?in|sign-?up|o?auth\d?|translate|report|analy[sz]e|audit|lookup|whois|scan|validat\w*|save|embed|oembed|qr[\w-]*|create-qr-code)(?=[-/.?#]|$)/i;

/** Sites that show another: Google Translate (`.` as `-`, `-` as `--`) and AMP caches. */
const TRANSLATED = /^([\w-]{1,253})\.translate\.goog(\/.*)$/i;
const CACHED =
  /^(?:(?:[\w-]{1,63}\.)?(?:cdn\.ampproject\.org|bing-amp\.com)\/\w|(?:www\.)?google\.[a-z.]{2,6}\/amp)\/(?:s\/)?([^/]{1,253}\/.*)$/i;
/** A path, on any site, that continues with its target: `/out/https://…`. */
const LEAVING =
  /\/(?:go(?:to)?|out(?:bound|going)?|redir(?:ect)?|away|exit|external|leav(?:e|ing)|jump|click|c?l0)\/(https?(?::|%3A).*)$/i;
/** Where a link to an app leads without the app. */
const FALLBACK = /^intent:.*;S\.browser_fallback_url=([^;]{1,2000})/i;
/** A base64 web address, or JSON with one, in a parameter or path. */
const BASE64 = /^(?:aHR0c|eyJ)[\w+/-]{20,4000}={0,2}$/;

/** Returns the addresses an address forwards to, without fetching. `origin` is the document's. */
export function targetsOf(url: string, origin?: string): string[] {
  const address = /^(?:https?:)?\/\/(.*)$/i.exec(url)?.[1] ?? relativeTo(origin, url);
  if (!address) return (FALLBACK.exec(url) ?? []).slice(1).map(decode);
  const [place = "", ...parts] = address.split(/[?&#;]/);
  const shown = shownIn(address);
  if (shown !== undefined) return [`https://${shown}`];
  const [first = ""] = parts;
  const isBare = parts.length > 0 && /^[^?]*\?https?(?::|%3A)/i.test(address);
  const values = [
    ...parts.map((part) => PARAMETER.exec(part)?.[1] ?? ""),
    // A signature may follow behind a dot.
    ...place
      .replace(/\.[^/]*/g, "")
      .split("/")
      .filter(isBase64),
    ...(LEAVING.exec(address) ?? []).slice(1).map(upToSlash),
    // The whole query is the target.
    ...(isBare ? [first] : []),
  ];
  const wholes = SHARES.test(address.split("?")[0] ?? "")
    ? []
    : values.map(decode).filter((value) => value !== "" && !/\s/.test(value));
  return SERVICES.test(address) ? [...wholes, ...addressesIn(address)] : wholes;
}

function shownIn(address: string): string | undefined {
  const [, host, path] = TRANSLATED.exec(address) ?? [];
  if (host === undefined) return CACHED.exec(address)?.[1];
  return host.replace(/--?/g, (dashes) => (dashes === "--" ? "-" : ".")) + path;
}

function relativeTo(origin: string | undefined, url: string): string | undefined {
  if (!origin || !/^https?:/.test(origin) || /^[a-z][a-z0-9+.-]{0,20}:/i.test(url)) return undefined;
  return origin.replace(/^https?:\/\//, "") + url.replace(/^(?:\.{0,2}\/)*/, "/");
}

function addressesIn(address: string): string[] {
  const plain = /^urldefense\./i.test(address) ? ofProofpoint(address) : address;
  return plain.split(/[?&#]/).flatMap((part, index) => {
    // An address inside another is not its target.
    const [before = "", target] = part.split(/(https?(?::|%3A).*)/i);
    const value = target ?? before.replace(/^[\w-]{1,40}=/, "");
    return index > 0 || target !== undefined ? [decode(upToSlash(value))] : [];
  });
}

/** If the target's slashes are encoded, a plain one ends it (Yahoo). */
function upToSlash(value: string): string {
  return /^https?(?::|%3A)%2F/i.test(value) ? value.replace(/\/.*$/, "") : value;
}

/** Proofpoint v2 writes `-` for `%`, `_` for `/`; v3 writes `*` for `%` or `/`. */
function ofProofpoint(address: string): string {
  if (!/^urldefense\.(?:proofpoint\.)?\w+\/v2\//i.test(address))
    return address.replace(/\*(?![\da-f]{2})/gi, "/").replaceAll("*", "%");
  return address.replaceAll("-", "%").replaceAll("_", "/");
}

const isBase64 = (text: string) => BASE64.test(text);

/** Returns the address in a mail tracker's JSON, if it is the only one. */
function onlyAddressIn(json: string): string {
  const [address, other] = json.match(/(?<=")(?:https?:)?\\*\/\\*\/[^"]+/gi) ?? [];
  return other === undefined ? (address ?? "") : "";
}

function decode(text: string): string {
  try {
    // Bing writes `a1` before it.
    const value = decodeURIComponent(text).replace(/^a1(?=aHR0c)/, "");
    if (!isBase64(value)) return value;
    const plain = atob(value.replaceAll("-", "+").replaceAll("_", "/"));
    return plain.startsWith("{") ? onlyAddressIn(plain) : plain;
  } catch {
    // A stray % makes it undecodable; the text patterns handle encoding.
    return text;
  }
}
