/** Addresses: which of those in messages may be followed or shown. */

/** A piece of a message's words; `href` where it is a link. */
export interface Piece {
  text: string;
  href: string | null;
}

const CANDIDATE = /https?:\/\/[^\s<>"'`（）「」【】《》，。；：！？、]+/gi;
const TRAILING = /[.,;:!?…)\]}]+$/;

/**
 * Splits words at the https addresses in them. Nothing else becomes a link, but http from this machine to this machine
 * (`base` is the gateway's address): a shop tried out on one's own.
 */
export function linkPieces(text: string, base = ""): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const address = trimAddress(match[0]);
    const href = followable(address, base);
    if (!href) continue;
    if (match.index > position) pieces.push({ text: text.slice(position, match.index), href: null });
    pieces.push({ text: address, href });
    position = match.index + address.length;
  }
  if (position < text.length) pieces.push({ text: text.slice(position), href: null });
  return pieces;
}

/** A sentence's own punctuation is not the address's; a closing bracket is, when it was opened in it. */
function trimAddress(candidate: string): string {
  const trimmed = candidate.replace(TRAILING, "");
  return trimmed.includes("(") && candidate[trimmed.length] === ")" ? `${trimmed})` : trimmed;
}

/** The address if it may be followed and names no user (`https://shop.example@evil.example` misleads), else null. */
function followable(address: string, base: string): string | null {
  try {
    const url = new URL(address);
    const near = url.protocol === "http:" && isLoopback(url) && base !== "" && isLoopback(new URL(base));
    return (url.protocol === "https:" || near) && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

function isLoopback(url: URL): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
}

/**
 * An address from a card, resolved against `base`: https, or http where it stays with `base` (a shop tried out on
 * one's own machine). Anything else is null and is not used.
 */
export function cardAddress(address: string | null | undefined, base: string): string | null {
  if (!address) return null;
  try {
    const url = new URL(address, base);
    const near = url.protocol === "http:" && url.origin === new URL(base).origin;
    return (url.protocol === "https:" || near) && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}
