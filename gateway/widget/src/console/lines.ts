/**
 * A transcript's lines as the console gives them (gateway/console/transcript.py), and how they are kept: in order, each
 * once, whichever way and however often they come.
 */

import type { Author, Content } from "../protocol/wire";

/** `percent` is null where the assistant gives none. */
export interface Guess {
  name: string;
  percent: string | null;
}

export interface Named {
  name: string;
  value: string;
}

/** What was understood and done, beside the last of the messages that are answered together. */
export interface Turn {
  id: string;
  seq: number;
  state: "waiting" | "running" | "deferred" | "answered" | "withheld" | "given_up";
  failure: string | null;
  attempts: number;
  intent: string | null;
  percent: string;
  understood: boolean;
  unsure: boolean;
  entities: Named[];
  actions: Guess[];
  timings: Named[];
  ranking: Guess[];
  model: string | null;
  unsent: Content[];
}

/** One message. `settled`: nothing of it changes any more. */
export interface Line {
  seq: number;
  author: Author;
  at: string;
  at_text: string;
  content: Content;
  reply_to: number | null;
  delivered: boolean;
  unsent: { kind: "pending" | "failed"; why: string } | null;
  turn: Turn | null;
  settled: boolean;
}

/** Another conversation that is read in this one. */
export interface Merged {
  id: string;
  opened_text: string;
}

/** What the console answers: lines in order, and whether there are earlier ones, or later than were asked for. */
export interface Page {
  lines: Line[];
  merged: Merged[];
  earlier: boolean;
  later: boolean;
}

/** So far back a line is looked at again for a delivery that is still awaited. */
const LOOKED_BACK = 100;

export class Lines {
  #lines: readonly Line[] = [];
  readonly #written = new Map<number, string>();

  /** All lines in order. The list is another one after each change; a line stays the same object until it changes. */
  get all(): readonly Line[] {
    return this.#lines;
  }

  get first(): number {
    return this.#lines[0]?.seq ?? 0;
  }

  get last(): number {
    return this.#lines.at(-1)?.seq ?? 0;
  }

  /** From which number on to read: the first of the newer lines that may still change, else after the last. */
  get open(): number {
    const waits = this.#lines.find(({ seq, settled }) => !settled && seq > this.last - LOOKED_BACK);
    return waits?.seq ?? this.last + 1;
  }

  /** Takes lines in: new ones into their place, known ones where they have changed. */
  receive(lines: readonly Line[]): void {
    const changed = lines.filter((line) => {
      const written = JSON.stringify(line);
      const same = this.#written.get(line.seq) === written;
      this.#written.set(line.seq, written);
      return !same;
    });
    if (!changed.length) return;
    const bySeq = new Map([...this.#lines, ...changed].map((line) => [line.seq, line]));
    this.#lines = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }
}
