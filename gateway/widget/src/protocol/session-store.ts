/**
 * What the widget remembers in the browser: the conversation's token, what was read, and what could not be sent yet.
 * Never the transcript; that is fetched again.
 *
 * By default it is kept for the tab (`sessionStorage`): it survives reloads and walking through the shop, and is gone
 * when the tab is closed, so that the next person at a shared computer does not open somebody's orders. A shop may
 * choose `device` (`localStorage`), which carries the conversation over to other tabs and later visits.
 * Nothing is stored before the shopper opens the chat. No cookies are used.
 */

import type { Input } from "./wire";

export type Lifetime = "tab" | "device";

/**
 * A message not yet acknowledged. `label` is what the shopper sees of it. `replyTo` is the message it answers.
 * `problem` is why it was given up (a key of the locale files), or null while it is still to be sent.
 */
export interface Unsent {
  clientId: string;
  input: Input;
  label: string;
  at: string;
  replyTo: number | null;
  problem: string | null;
}

export interface StoredSession {
  conversationId: string;
  token: string;
  expiresAt: string;
  /** Whose signed-in session it is: the identity token's subject, or null for a guest. */
  subject: string | null;
  /** The number of the last message that the shopper has seen. */
  seen: number;
  /** The language chosen inside the widget, if one was. */
  language: string | null;
  /** Whether the panel was open when the page was left. */
  open: boolean;
  unsent: Unsent[];
}

export class SessionStore {
  readonly #key: string;

  readonly #storage: Storage | null;

  constructor(gatewayOrigin: string, storage: Storage | null) {
    this.#storage = storage;
    this.#key = storageKey(gatewayOrigin);
  }

  load(): StoredSession | null {
    try {
      const session = JSON.parse(this.#storage?.getItem(this.#key) ?? "null") as StoredSession | null;
      if (!session || typeof session.token !== "string" || !Array.isArray(session.unsent)) return null;
      return Date.parse(session.expiresAt) > Date.now() ? session : null;
    } catch {
      return null;
    }
  }

  save(session: StoredSession): void {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(session));
    } catch {
      // Storage is full or forbidden: the conversation works, it only does not survive a reload.
    }
  }

  forget(): void {
    try {
      this.#storage?.removeItem(this.#key);
    } catch {
      // As above.
    }
  }
}

/** Conversations with different gateways do not mix. */
export function storageKey(gatewayOrigin: string): string {
  return `shopdesk:${gatewayOrigin}`;
}

/** The browser's storage for a lifetime, or null where the browser refuses it. */
export function browserStorage(lifetime: Lifetime): Storage | null {
  try {
    return lifetime === "device" ? localStorage : sessionStorage;
  } catch {
    return null;
  }
}
