/**
 * Keeps messages coming: over a WebSocket when one can be had, else by asking (long polling), and back again.
 *
 * The two overlap on purpose. Whenever the socket is down the poller runs, so a reader never waits for a socket that
 * a proxy will not let through; attempts at a socket go on in the background with growing pauses.
 */

import { ApiError, type ChatApi } from "./api";
import { backoff } from "./backoff";
import type { Frame } from "./wire";

/** `up`: messages arrive. `connecting`: being tried. `down`: the last attempt failed. */
export type LinkState = "connecting" | "up" | "down";

export interface LiveHandlers {
  /** The number of the last message received, and the token to present. */
  position(): { after: number; token: string };
  frame(frame: Frame): void;
  /** The token is no longer accepted. Nothing more is tried until `start` is called again. */
  unauthorized(): void;
  state(state: LinkState): void;
}

export interface LiveOptions {
  webSocket?: (url: string) => WebSocket;
  random?: () => number;
}

const CONNECT_MS = 8_000;
const SETTLED_MS = 5_000;
const POLL_WAIT_SECONDS = 20;
const POLL_FIRST_MS = 2_000;
const POLL_MOST_MS = 15_000;

export class Live {
  #running = false;
  #socket: WebSocket | null = null;
  #socketReady = false;
  #socketAttempt = 0;
  #socketTimer: ReturnType<typeof setTimeout> | undefined;
  #polling: AbortController | null = null;
  #pollTimer: ReturnType<typeof setTimeout> | undefined;
  #pollPause = POLL_FIRST_MS;
  #pollFailures = 0;
  readonly #random: () => number;
  readonly #openSocket: (url: string) => WebSocket;

  readonly #api: ChatApi;
  readonly #handlers: LiveHandlers;

  constructor(api: ChatApi, handlers: LiveHandlers, options: LiveOptions = {}) {
    this.#api = api;
    this.#handlers = handlers;
    this.#random = options.random ?? Math.random;
    this.#openSocket = options.webSocket ?? ((url) => new WebSocket(url));
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#socketAttempt = 0;
    this.#handlers.state("connecting");
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#socketTimer);
    this.#stopPolling();
    this.#dropSocket();
  }

  /** Something suggests that trying again now is worth it: the network is back, the page is looked at again. */
  wake(): void {
    if (!this.#running || this.#socketReady) return;
    this.#socketAttempt = 0;
    this.#pollFailures = 0;
    if (!this.#socket) this.#connect();
    this.nudge();
  }

  /** An answer is expected: ask soon rather than at the leisurely pace of a quiet conversation. */
  nudge(): void {
    this.#pollPause = POLL_FIRST_MS;
    if (!this.#running || this.#socketReady || this.#polling) return;
    clearTimeout(this.#pollTimer);
    if (this.#socket && this.#socketAttempt === 0) return;
    void this.#poll();
  }

  /** The socket is believed dead though it has not closed: start over. */
  reconnect(): void {
    if (!this.#running) return;
    this.#dropSocket();
    this.#connect();
    void this.#poll();
  }

  #connect(): void {
    clearTimeout(this.#socketTimer);
    if (!this.#running || this.#socket) return;
    let socket: WebSocket;
    try {
      socket = this.#openSocket(this.#api.socketUrl);
    } catch {
      // A host page's policy may forbid sockets outright.
      this.#lostSocket();
      return;
    }
    this.#socket = socket;
    const timer = setTimeout(() => socket.close(), CONNECT_MS);
    let settled: ReturnType<typeof setTimeout> | undefined;
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      clearTimeout(timer);
      this.#stopPolling();
      const { after, token } = this.#handlers.position();
      socket.send(JSON.stringify({ token, after }));
      this.#socketReady = true;
      this.#handlers.state("up");
      // A socket that opens and closes at once is no success: the pauses go on growing until one has lasted.
      settled = setTimeout(() => (this.#socketAttempt = 0), SETTLED_MS);
    };
    socket.onmessage = (event: MessageEvent) => {
      if (this.#socket !== socket) return;
      const frame = parseFrame(event.data);
      if (!frame) return;
      this.#socketAttempt = 0;
      this.#handlers.frame(frame);
    };
    socket.onclose = () => {
      clearTimeout(timer);
      clearTimeout(settled);
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#lostSocket();
    };
  }

  #lostSocket(): void {
    this.#socketReady = false;
    if (!this.#running) return;
    this.#socketTimer = setTimeout(() => this.#connect(), backoff(this.#socketAttempt++, this.#random));
    // The poll also tells an expired token from a lost line, which a closed socket cannot.
    void this.#poll();
  }

  #dropSocket(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#socketReady = false;
    if (socket) socket.close();
  }

  #stopPolling(): void {
    clearTimeout(this.#pollTimer);
    this.#polling?.abort();
    this.#polling = null;
    this.#pollFailures = 0;
  }

  async #poll(): Promise<void> {
    if (!this.#running || this.#socketReady || this.#polling) return;
    clearTimeout(this.#pollTimer);
    const polling = new AbortController();
    this.#polling = polling;
    const { after, token } = this.#handlers.position();
    let pause: number;
    try {
      const frame = await this.#api.read(token, after, POLL_WAIT_SECONDS, polling.signal);
      if (this.#polling !== polling) return;
      this.#pollFailures = 0;
      // The gateway answers at once while nobody is typing, so a quiet conversation is asked ever more rarely.
      this.#pollPause =
        frame.messages.length || frame.typing ? POLL_FIRST_MS : Math.min(POLL_MOST_MS, this.#pollPause * 1.5);
      pause = frame.typing ? 300 : this.#pollPause;
      this.#polling = null;
      this.#handlers.state("up");
      this.#handlers.frame(frame);
    } catch (error) {
      if (this.#polling !== polling) return;
      this.#polling = null;
      if (error instanceof ApiError && error.status === 401) {
        this.stop();
        this.#handlers.unauthorized();
        return;
      }
      this.#handlers.state("down");
      const retryAfter = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0;
      pause = Math.max(retryAfter, backoff(this.#pollFailures++, this.#random));
    }
    if (this.#running && !this.#socketReady) this.#pollTimer = setTimeout(() => void this.#poll(), pause);
  }
}

function parseFrame(data: unknown): Frame | null {
  try {
    const frame = JSON.parse(String(data)) as Partial<Frame>;
    return Array.isArray(frame.messages) ? { messages: frame.messages, typing: frame.typing === true } : null;
  } catch {
    return null;
  }
}
