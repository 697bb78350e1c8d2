/**
 * Reads a transcript: what is earlier, page by page, and what is new whenever somebody says that there is news. One
 * request at a time; one that fails is made again until it succeeds, from where the last answer ended, so that there is
 * no gap however long the gateway was away.
 */

import { backoff } from "../protocol/backoff";
import { type Line, Lines, type Merged, type Page } from "./lines";

/** `earlier`: not all is there yet. `away`: the gateway does not answer; it is asked again. */
export interface Transcript {
  lines: readonly Line[];
  merged: readonly Merged[];
  earlier: boolean;
  away: boolean;
}

export interface ReaderOptions {
  /** What is embedded in the page; without it the newest lines are fetched first. */
  page?: Page | undefined;
  send?: typeof fetch;
  pause?: (milliseconds: number) => Promise<void>;
  onSignedOut?: () => void;
}

const LONGEST_PAUSE_MS = 10_000;

export class Reader {
  readonly #lines = new Lines();
  readonly #address: string;
  readonly #send: typeof fetch;
  readonly #pause: (milliseconds: number) => Promise<void>;
  readonly #onSignedOut: () => void;
  readonly #heard = new Set<(transcript: Transcript) => void>();
  #merged: readonly Merged[] = [];
  /** Nothing is known yet: the newest lines come first. */
  #unread = true;
  #earlier = false;
  /** The number to read from, while news is being read. */
  #from: number | null = null;
  #news = false;
  #failures = 0;
  #busy = false;
  #over = false;

  constructor(conversation: string, options: ReaderOptions = {}) {
    this.#address = `/console/api/conversations/${encodeURIComponent(conversation)}/lines`;
    this.#send = options.send ?? ((...request) => fetch(...request));
    this.#pause = options.pause ?? ((milliseconds) => new Promise((go) => setTimeout(go, milliseconds)));
    this.#onSignedOut = options.onSignedOut ?? (() => undefined);
    if (options.page) this.#take(options.page, "");
  }

  get transcript(): Transcript {
    const { all } = this.#lines;
    return { lines: all, merged: this.#merged, earlier: this.#earlier, away: this.#failures > 0 };
  }

  /** Calls `heard` after each change, until what is returned is called. */
  listen(heard: (transcript: Transcript) => void): () => void {
    this.#heard.add(heard);
    return () => this.#heard.delete(heard);
  }

  /** There is news, or may be; resolves when all that is known to be missing has come. */
  async read(): Promise<void> {
    this.#news = true;
    await this.complete();
  }

  /** Fetches what is missing. */
  async complete(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let query = this.#next(); query !== null && !this.#over; query = this.#next())
      await this.#ask(query);
    this.#busy = false;
  }

  /** What to ask for next: news before what is earlier. */
  #next(): string | null {
    if (this.#unread) return "";
    if (this.#news && this.#from === null) {
      this.#news = false;
      this.#from = this.#lines.open;
    }
    if (this.#from !== null) return `?first=${this.#from}`;
    return this.#earlier ? `?before=${this.#lines.first}` : null;
  }

  async #ask(query: string): Promise<void> {
    let response: Response | null = null;
    let page: Page | null = null;
    try {
      response = await this.#send(this.#address + query);
      if (response.ok) page = (await response.json()) as Page;
    } catch {
      // The gateway is away, or the answer was cut short.
    }
    if (page) {
      this.#failures = 0;
      this.#take(page, query);
    } else if (response?.status === 401) {
      this.#over = true;
      this.#onSignedOut();
    } else if (response?.status === 404) {
      // Erased meanwhile: what is shown stays until the page is left.
      this.#over = true;
    } else {
      this.#failures += 1;
      this.#tell();
      await this.#pause(backoff(this.#failures - 1, Math.random, 1_000, LONGEST_PAUSE_MS));
    }
  }

  #take(page: Page, query: string): void {
    this.#lines.receive(page.lines);
    this.#merged = page.merged;
    if (this.#unread || query.startsWith("?before=")) this.#earlier = page.earlier;
    const last = page.lines.at(-1);
    if (query.startsWith("?first=")) this.#from = page.later && last ? last.seq + 1 : null;
    this.#unread = false;
    this.#tell();
  }

  #tell(): void {
    for (const heard of this.#heard) heard(this.transcript);
  }
}
