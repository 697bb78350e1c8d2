/**
 * The conversation as the panel shows it: one session with the gateway, its transcript, and the queue of what the
 * shopper sends. Knows nothing of the screen; tells its listeners whenever there is something new to draw.
 *
 * Messages are sent one after the other, in the order in which they were written, each until it has its receipt. A
 * message keeps its client id through every attempt, so the gateway takes it once however often it arrives.
 */

import { ApiError, type ChatApi, NetworkError } from "./protocol/api";
import { backoff } from "./protocol/backoff";
import { subjectOf } from "./protocol/identity";
import { Live, type LinkState, type LiveOptions } from "./protocol/live";
import type { SessionStore, StoredSession, Unsent } from "./protocol/session-store";
import { type Entry, type Outgoing, Transcript } from "./protocol/transcript";
import type { Frame, Input, Message, PageHint, SessionResponse } from "./protocol/wire";

/** `none`: no session yet. `starting`: being asked for. `ready`. `failed`: could not be had; the shopper may retry. */
export type Phase = "none" | "starting" | "ready" | "failed";

/** Things to tell the shopper that are no messages. Each is a key of the locale files. */
export type Notice = "notice_renewed" | "notice_guest" | "notice_busy" | "notice_picture";

export interface Snapshot {
  phase: Phase;
  link: LinkState | "offline";
  entries: readonly Entry[];
  /** Whether the history has been fetched, so that what comes after it is news. */
  settled: boolean;
  typing: boolean;
  unread: number;
  notice: Notice | null;
}

export interface ConversationOptions extends LiveOptions {
  api: ChatApi;
  store: SessionStore;
  language: string;
  identityToken: string | null;
  page: PageHint | null;
  online?: () => boolean;
  uuid?: () => string;
}

/** A message is tried this often while the gateway answers with errors of its own; without a connection it waits. */
const MOST_ATTEMPTS = 5;
/** The socket is given this long to show back a message that the gateway has acknowledged. */
const ECHO_MS = 8_000;
/** An "it is busy" is not waited for longer than this, in seconds. */
const MOST_PATIENCE = 120;

export class Conversation {
  readonly #api: ChatApi;
  readonly #store: SessionStore;
  readonly #live: Live;
  readonly #transcript = new Transcript();
  readonly #listeners = new Set<() => void>();
  readonly #online: () => boolean;
  readonly #uuid: () => string;
  readonly #random: () => number;

  #session: StoredSession | null;
  #identityToken: string | null;
  #identifying = 0;
  #language: string;
  #chosen: string | null;
  #phase: Phase = "none";
  #link: LinkState = "connecting";
  #settled = false;
  #typing = false;
  #notice: Notice | null = null;
  #open = false;
  #watched = false;
  #starting: Promise<void> | null = null;
  #renewals = 0;
  /** Counts up when the shopper signs out, so that an answer on its way to the one before is not shown. */
  #era = 0;
  #startFailures = 0;
  #startTimer: ReturnType<typeof setTimeout> | undefined;
  #sending = false;
  #sendTimer: ReturnType<typeof setTimeout> | undefined;
  #echoTimer: ReturnType<typeof setTimeout> | undefined;
  #view: Snapshot;

  readonly #options: ConversationOptions;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#api = options.api;
    this.#store = options.store;
    this.#language = options.language;
    this.#identityToken = options.identityToken;
    this.#online = options.online ?? (() => navigator.onLine);
    this.#uuid = options.uuid ?? newUuid;
    this.#random = options.random ?? Math.random;
    this.#live = new Live(
      options.api,
      {
        position: () => ({ after: this.#transcript.lastSeq, token: this.#session?.token ?? "" }),
        frame: (frame) => this.#receive(frame),
        unauthorized: () => void this.#renew(this.#session?.token),
        state: (state) => {
          this.#link = state;
          this.#changed();
        },
      },
      options,
    );
    this.#session = this.#rightfulSession(options.store.load());
    this.#chosen = this.#session?.language ?? null;
    for (const unsent of this.#session?.unsent ?? []) this.#transcript.add(queued(unsent));
    this.#view = this.#draw();
  }

  get snapshot(): Snapshot {
    return this.#view;
  }

  /** Whether a conversation of an earlier page is to be carried on. */
  get resumable(): boolean {
    return this.#session !== null;
  }

  get wasOpen(): boolean {
    return this.#session?.open === true;
  }

  get chosenLanguage(): string | null {
    return this.#chosen;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Carries the stored conversation on, or begins one. Safe to call again; after a failure it tries anew. */
  start(): Promise<void> {
    if (this.#phase === "ready") return Promise.resolve();
    if (this.#starting) return this.#starting;
    clearTimeout(this.#startTimer);
    const starting = (this.#session ? this.#resume() : this.#begin()).finally(() => {
      if (this.#starting === starting) this.#starting = null;
    });
    return (this.#starting = starting);
  }

  /** Queues words for sending; words of nothing but spaces are not sent. */
  say(text: string): void {
    const words = text.trim();
    if (words) this.#enqueue({ text: words }, words, null);
  }

  /** Queues a press on a button of message `replyTo`. */
  press(buttonId: string, label: string, replyTo: number): void {
    this.#enqueue({ button_id: buttonId }, label, replyTo);
  }

  /** Queues the choice of a product that is shown. */
  pick(sku: string, title: string): void {
    this.#enqueue({ pick: { sku } }, title, null);
  }

  /** Uploads a picture and queues it under `label`. One that is refused, or has no connection, is said to be so. */
  async show(picture: Blob, label: string): Promise<void> {
    try {
      await this.start();
      this.#enqueue({ image_id: await this.#api.upload(this.#session!.token, picture) }, label, null);
      if (this.#notice === "notice_picture") this.#notice = null;
    } catch {
      this.#notice = "notice_picture";
    }
    this.#changed();
  }

  /** The conversation as a text file; null when it cannot be had. */
  async transcript(): Promise<string | null> {
    return this.#session && this.#api.transcript(this.#session.token).catch(() => null);
  }

  /** Sends a message that had been given up. */
  retry(clientId: string): void {
    const item = this.#transcript.pending.find((candidate) => candidate.clientId === clientId);
    if (item?.state !== "failed") return;
    this.#transcript.remove(clientId);
    this.#transcript.add({ ...item, state: "waiting", attempts: 0, problem: null });
    this.#persist();
    this.#changed();
    this.#pump();
  }

  /** Drops a message that had been given up. */
  discard(clientId: string): void {
    this.#transcript.remove(clientId);
    this.#persist();
    this.#changed();
  }

  /** The shopper has the panel before their eyes (or no longer): what arrives then counts as seen. */
  watch(watched: boolean): void {
    this.#watched = watched;
    if (watched) this.#markSeen();
    this.#changed();
  }

  /** Remembers for the next page whether the panel is open, and which language was chosen in it. */
  remember(change: { open?: boolean; language?: string }): void {
    this.#open = change.open ?? this.#open;
    if (change.language) this.#language = this.#chosen = change.language;
    if (!this.#session) return;
    this.#session = { ...this.#session, ...change };
    this.#store.save(this.#session);
  }

  dismissNotice(): void {
    this.#notice = null;
    this.#changed();
  }

  /** The network or the page has come back. */
  wake(): void {
    if (this.#phase === "failed") void this.start();
    this.#live.wake();
    this.#endPause();
    this.#pump();
    this.#changed();
  }

  /** A shopper has signed in on the page. */
  signIn(identityToken: string): void {
    const subject = subjectOf(identityToken);
    this.#identityToken = identityToken;
    if (this.#session && this.#session.subject !== null && this.#session.subject !== subject)
      this.signOut(identityToken);
    else if (this.#phase === "ready") void this.#identify();
  }

  /** The shopper has signed out: nothing of the conversation stays on the page. */
  signOut(nextIdentityToken: string | null = null): void {
    this.#identityToken = nextIdentityToken;
    this.#era++;
    clearTimeout(this.#startTimer);
    this.#starting = null;
    this.#live.stop();
    this.#store.forget();
    this.#session = null;
    for (const item of this.#transcript.pending) this.#transcript.remove(item.clientId);
    this.#transcript.clear();
    this.#phase = "none";
    this.#settled = false;
    this.#typing = false;
    this.#changed();
    if (this.#open) void this.start();
  }

  stop(): void {
    this.#live.stop();
    clearTimeout(this.#startTimer);
    this.#endPause();
    clearTimeout(this.#echoTimer);
  }

  /**
   * A stored session is carried on only for the person it was begun by: when the page says that somebody else is
   * signed in, or nobody where somebody was, it is forgotten.
   */
  #rightfulSession(stored: StoredSession | null): StoredSession | null {
    if (!stored || stored.subject === null || stored.subject === subjectOf(this.#identityToken))
      return stored;
    this.#store.forget();
    return null;
  }

  async #begin(): Promise<void> {
    const era = this.#era;
    const identityToken = this.#identityToken;
    this.#phase = "starting";
    this.#changed();
    try {
      const { response, subject } = await this.#createSession();
      if (era !== this.#era) return;
      this.#session = {
        conversationId: response.conversation_id,
        token: response.token,
        expiresAt: response.expires_at,
        subject,
        seen: 0,
        language: this.#chosen,
        open: this.#open,
        unsent: [],
      };
      this.#phase = "ready";
      this.#startFailures = 0;
      this.#receive({ messages: response.messages, typing: false });
      this.#settled = true;
      this.#persist();
      this.#live.start();
      // Whoever signed in while the session was made is told of now.
      const late = this.#identityToken;
      if (late && late !== identityToken) this.signIn(late);
      this.#pump();
    } catch (error) {
      if (era === this.#era) this.#failed(error);
    }
    this.#changed();
  }

  /** A session for whoever the identity token names; as a guest when the token is refused, or cannot be checked. */
  async #createSession(): Promise<{ response: SessionResponse; subject: string | null }> {
    const identity_token = this.#identityToken;
    const request = { language: this.#language, identity_token, page: this.#options.page };
    try {
      return { response: await this.#api.createSession(request), subject: subjectOf(identity_token) };
    } catch (error) {
      if (!identity_token || !(error instanceof ApiError) || error.status === 429) throw error;
      // Tokens are for one use: a page out of a cache brings one that is spent.
      if (error.status < 500 && this.#identityToken === identity_token) this.#identityToken = null;
      const response = await this.#api.createSession({ ...request, identity_token: null });
      this.#notice = "notice_guest";
      return { response, subject: null };
    }
  }

  async #resume(): Promise<void> {
    const era = this.#era;
    this.#phase = "starting";
    this.#changed();
    try {
      const history = await this.#api.read(this.#session?.token ?? "", 0, 0);
      if (era !== this.#era) return;
      this.#receive(history);
      this.#settled = true;
      this.#phase = "ready";
      this.#startFailures = 0;
      this.#live.start();
      void this.#identify();
      this.#pump();
    } catch (error) {
      if (era !== this.#era) return;
      if (error instanceof ApiError && error.status === 401) return this.#renew(this.#session?.token);
      this.#failed(error);
    }
    this.#changed();
  }

  /** Tries again by itself after a while, unless the gateway has said that it will not have it. */
  #failed(error: unknown): void {
    this.#phase = "failed";
    let pause = backoff(this.#startFailures++, this.#random, 2_000);
    if (error instanceof ApiError) {
      if (error.status === 429) this.#notice = "notice_busy";
      else if (error.status < 500) return;
      pause = Math.max(pause, (error.retryAfter ?? 0) * 1000);
    }
    this.#startTimer = setTimeout(() => void this.start(), pause);
  }

  /** Ties the conversation to the shopper who is signed in on this page, or renews that tie. */
  async #identify(): Promise<void> {
    const session = this.#session;
    const identityToken = this.#identityToken;
    if (!session || !identityToken) return;
    this.#identifying++;
    try {
      await this.#api.identify(session.token, identityToken);
      if (this.#session?.token !== session.token) return;
      this.#session = { ...this.#session, subject: subjectOf(identityToken) };
      this.#persist();
    } catch {
      // It goes on as it was; a guest is asked for what the shop's policy asks guests for.
    } finally {
      this.#identifying--;
      this.#pump();
    }
  }

  /** The token is no longer accepted: forget it, and begin a new conversation with a word about it. */
  async #renew(refused: string | undefined): Promise<void> {
    if (this.#session?.token !== refused) return;
    this.#live.stop();
    this.#store.forget();
    this.#session = null;
    this.#transcript.clear();
    this.#settled = false;
    this.#typing = false;
    for (const item of this.#transcript.pending) {
      // A button and a picture belong to the conversation that has ended.
      if ("button_id" in item.input || "image_id" in item.input) this.#transcript.remove(item.clientId);
    }
    if (++this.#renewals > 2) {
      this.#phase = "failed";
      this.#changed();
      return;
    }
    this.#notice = "notice_renewed";
    this.#phase = "none";
    this.#starting = null;
    if (this.#watched || this.#transcript.pending.length) await this.start();
    else this.#changed();
  }

  #enqueue(input: Input, label: string, replyTo: number | null): void {
    const at = new Date().toISOString();
    this.#transcript.add(queued({ clientId: this.#uuid(), input, label, at, replyTo, problem: null }));
    this.#persist();
    this.#changed();
    if (this.#phase === "ready") this.#pump();
    else void this.start();
  }

  /** Sends what waits, unless a message is on its way or a pause is being kept. */
  #pump(): void {
    if (!this.#sending && !this.#sendTimer) void this.#sendNext();
  }

  #endPause(): void {
    clearTimeout(this.#sendTimer);
    this.#sendTimer = undefined;
  }

  async #sendNext(): Promise<void> {
    const item = this.#transcript.pending.find(({ state }) => state === "waiting");
    const session = this.#session;
    // What is said by somebody who signs in waits for that: it would be answered as a guest's.
    if (!item || !session || this.#phase !== "ready" || this.#identifying) return;
    if (!this.#online()) return;
    this.#sending = true;
    this.#transcript.update(item.clientId, { state: "sending", attempts: item.attempts + 1 });
    this.#changed();
    let pause = 0;
    try {
      const { seq } = await this.#api.send(session.token, item.clientId, item.input, this.#options.page);
      this.#renewals = 0;
      if (this.#notice === "notice_busy") this.#notice = null;
      this.#transcript.acknowledge(item.clientId, seq);
      if (this.#session?.token === session.token) this.#expectEcho(seq);
      this.#live.nudge();
    } catch (error) {
      pause = this.#sendFailed(item, session.token, error);
    }
    this.#sending = false;
    this.#persist();
    this.#changed();
    if (!pause) return this.#pump();
    this.#sendTimer = setTimeout(() => {
      this.#endPause();
      this.#pump();
    }, pause);
  }

  /** Decides what becomes of a message that was not taken; returns the milliseconds to wait before going on. */
  #sendFailed(item: Outgoing, token: string, error: unknown): number {
    const again = { state: "waiting" as const };
    if (error instanceof NetworkError) {
      this.#transcript.update(item.clientId, again);
      return backoff(item.attempts, this.#random);
    }
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) {
      this.#transcript.update(item.clientId, { ...again, attempts: 0 });
      void this.#renew(token);
      return 0;
    }
    if (error.status === 429 && (error.retryAfter ?? 1) <= MOST_PATIENCE) {
      this.#notice = "notice_busy";
      this.#transcript.update(item.clientId, again);
      return (error.retryAfter ?? 2) * 1000;
    }
    if (error.status >= 500 && item.attempts + 1 < MOST_ATTEMPTS) {
      this.#transcript.update(item.clientId, again);
      return Math.max((error.retryAfter ?? 0) * 1000, backoff(item.attempts, this.#random));
    }
    this.#transcript.update(item.clientId, { state: "failed", problem: problemKey(error, item.input) });
    return 0;
  }

  /** A socket may die without closing; a receipt that is never shown back gives it away. */
  #expectEcho(seq: number): void {
    clearTimeout(this.#echoTimer);
    this.#echoTimer = setTimeout(() => {
      if (this.#transcript.lastSeq < seq) this.#live.reconnect();
    }, ECHO_MS);
  }

  #receive(frame: Frame): void {
    const fresh = this.#transcript.receive(frame.messages);
    this.#typing = frame.typing;
    if (this.#watched) this.#markSeen();
    if (fresh.some(({ author }) => author === "shopper")) this.#persist();
    this.#changed();
  }

  #markSeen(): void {
    if (!this.#session || this.#session.seen >= this.#transcript.lastSeq) return;
    this.#session = { ...this.#session, seen: this.#transcript.lastSeq };
    this.#store.save(this.#session);
  }

  #persist(): void {
    if (!this.#session) return;
    const unsent = this.#transcript.pending
      .filter(({ state }) => state !== "sent")
      .map(({ clientId, input, label, at, replyTo, problem }) => ({
        clientId,
        input,
        label,
        at,
        replyTo,
        problem,
      }));
    this.#session = { ...this.#session, unsent };
    this.#store.save(this.#session);
  }

  #changed(): void {
    this.#view = this.#draw();
    for (const listener of this.#listeners) listener();
  }

  #draw(): Snapshot {
    const entries = this.#transcript.entries();
    const seen = this.#session?.seen ?? 0;
    return {
      phase: this.#phase,
      link: this.#online() ? this.#link : "offline",
      entries,
      settled: this.#settled,
      typing: this.#typing,
      unread: entries.filter(({ message }) => message && message.author !== "shopper" && message.seq > seen)
        .length,
      notice: this.#notice,
    };
  }
}

/** The buttons of a message that have been pressed: by what is on its way, or by the words stored after it. */
export function pressedLabel(message: Message, entries: readonly Entry[]): string | null {
  const buttons = "buttons" in message.content ? (message.content.buttons ?? []) : [];
  if (!buttons.length) return null;
  const onItsWay = entries.find(({ outgoing }) => outgoing?.replyTo === message.seq);
  if (onItsWay?.outgoing) return onItsWay.outgoing.label;
  const next = entries.find(
    ({ message: later }) => later?.author === "shopper" && later.seq > message.seq,
  )?.message;
  const words = next?.content.text.trim();
  return buttons.find(({ label }) => label.trim() === words)?.label ?? null;
}

function queued(unsent: Unsent): Outgoing {
  return { ...unsent, state: unsent.problem ? "failed" : "waiting", attempts: 0, seq: null };
}

/** The locale key that says why a message was refused. */
function problemKey(error: ApiError, input: Input): string {
  if (error.status === 429) return "problem_busy";
  if (error.status >= 500) return "problem_service";
  return "button_id" in input ? "problem_button" : "problem_refused";
}

function newUuid(): string {
  // randomUUID exists only where the page is secure (https or localhost).
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
