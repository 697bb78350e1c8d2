/** The messages of a conversation in order, each once, with those on their way shown where they will be. */

import type { Unsent } from "./session-store";
import type { Message } from "./wire";

/** `waiting`: not sent yet. `sending`: on its way. `sent`: acknowledged. `failed`: given up; the shopper may retry. */
export type DeliveryState = "waiting" | "sending" | "sent" | "failed";

/** A message of the shopper's own from this page, until the gateway shows it back. `seq` comes with the receipt. */
export interface Outgoing extends Unsent {
  state: DeliveryState;
  attempts: number;
  seq: number | null;
}

/** One row. `key` stays the same when an outgoing message turns into the stored one. */
export type Entry =
  { key: string; message: Message; outgoing: null } | { key: string; message: null; outgoing: Outgoing };

export class Transcript {
  readonly #messages = new Map<number, Message>();
  readonly #keys = new Map<number, string>();
  #outgoing: readonly Outgoing[] = [];
  #last = 0;

  /** The number of the last message received. */
  get lastSeq(): number {
    return this.#last;
  }

  get pending(): readonly Outgoing[] {
    return this.#outgoing;
  }

  /** Takes in messages; returns those not known before, in order. */
  receive(messages: readonly Message[]): Message[] {
    const fresh = messages
      .filter((message) => !this.#messages.has(message.seq))
      .sort((a, b) => a.seq - b.seq);
    const unseen: Message[] = [];
    for (const message of fresh) {
      if (this.#messages.has(message.seq)) continue;
      this.#messages.set(message.seq, message);
      this.#last = Math.max(this.#last, message.seq);
      unseen.push(message);
      if (message.author === "shopper") this.#settle(message);
    }
    return unseen;
  }

  add(outgoing: Outgoing): void {
    this.#outgoing = [...this.#outgoing, outgoing];
  }

  update(clientId: string, change: Partial<Outgoing>): void {
    this.#outgoing = this.#outgoing.map((item) =>
      item.clientId === clientId ? { ...item, ...change } : item,
    );
  }

  remove(clientId: string): void {
    this.#outgoing = this.#outgoing.filter((item) => item.clientId !== clientId);
  }

  /** The gateway has stored the message under `seq`. It may have been shown back already. */
  acknowledge(clientId: string, seq: number): void {
    if (this.#messages.has(seq)) {
      this.#keys.set(seq, clientId);
      this.remove(clientId);
    } else {
      this.update(clientId, { state: "sent", seq, problem: null });
    }
  }

  clear(): void {
    this.#messages.clear();
    this.#keys.clear();
    this.#last = 0;
    this.#outgoing = this.#outgoing
      .filter((item) => item.state !== "sent")
      .map((item) => ({ ...item, replyTo: null }));
  }

  entries(): Entry[] {
    const rows: { at: number; entry: Entry }[] = [...this.#messages.values()].map((message) => ({
      at: message.seq,
      entry: { key: this.#keys.get(message.seq) ?? `s${message.seq}`, message, outgoing: null },
    }));
    for (const outgoing of this.#outgoing) {
      rows.push({ at: outgoing.seq ?? Infinity, entry: { key: outgoing.clientId, message: null, outgoing } });
    }
    // Stable: those without a number keep the order in which they were written.
    return rows.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at)).map((row) => row.entry);
  }

  /** Drops the outgoing message that a stored one shows back: it may come before the receipt, or after it. */
  #settle(message: Message): void {
    const shown = this.#outgoing.find(
      (item) => item.clientId === message.client_id || item.seq === message.seq,
    );
    if (!shown) return;
    this.#keys.set(message.seq, shown.clientId);
    this.remove(shown.clientId);
  }
}
