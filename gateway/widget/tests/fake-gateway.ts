/** A gateway in memory that keeps the chat contract: HTTP through a `fetch`, and sockets. */

import type { Author, Content, Frame, Message } from "../src/protocol/wire";

interface Refusal {
  status: number;
  type?: string;
  retryAfter?: number;
}

interface Call {
  method: string;
  path: string;
  token: string | null;
  body: Record<string, unknown> | null;
}

export class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: { token: string; after: number }[] = [];
  isOpen = false;

  constructor(private readonly gateway: FakeGateway) {}

  send(text: string): void {
    const hello = JSON.parse(text) as { token: string; after: number };
    this.sent.push(hello);
    if (!this.gateway.tokens.has(hello.token)) return this.drop();
    this.push(this.gateway.frame(hello.after));
  }

  push(frame: Frame): void {
    if (this.isOpen) this.onmessage?.({ data: JSON.stringify(frame) });
  }

  open(): void {
    this.isOpen = true;
    this.onopen?.();
  }

  drop(): void {
    this.isOpen = false;
    this.onclose?.();
  }

  close(): void {
    if (this.isOpen) this.drop();
  }
}

export class FakeGateway {
  readonly calls: Call[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly tokens = new Set<string>();
  readonly taken = new Map<string, number>();
  messages: Message[] = [];
  typing = false;
  /** No connection can be had. */
  unreachable = false;
  /** Sockets are refused, as by a proxy that does not know them. */
  socketless = false;
  /** The next calls to a path are answered so, one after the other. */
  readonly refusals: Record<string, Refusal[]> = {};
  /** The message is stored, but the receipt is lost on the way, this many times. */
  lostReceipts = 0;
  /** Stored messages are shown on the socket before the receipt is sent. */
  echo: "before receipt" | "never" = "before receipt";
  /** Whether stored messages carry the client's id. */
  showsClientId = true;
  private sessions = 0;

  readonly fetch = (async (input: string, init: RequestInit): Promise<Response> => {
    await Promise.resolve();
    const path = new URL(input).pathname.replace(/.*\/api\/chat\//, "");
    const call: Call = {
      method: init.method ?? "GET",
      path,
      token: new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? null,
      body: typeof init.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : null,
    };
    this.calls.push(call);
    if (this.unreachable) throw new TypeError("Failed to fetch");
    const refusal = this.refusals[`${call.method} ${path}`]?.shift();
    if (refusal) return problem(refusal);
    if (path === "sessions") return json(201, this.createSession());
    if (!call.token || !this.tokens.has(call.token)) return problem({ status: 401 });
    if (path === "identity") return json(200, { level: "customer" });
    if (path === "images") return json(201, { image_id: `image-${this.calls.length}`, width: 1, height: 1 });
    if (path === "transcript")
      return new Response("You\nhello", { headers: { "Content-Type": "text/plain" } });
    if (call.method === "POST") return this.take(call);
    const after = Number(new URL(input).searchParams.get("after"));
    return json(200, this.frame(after));
  }) as unknown as typeof globalThis.fetch;

  readonly webSocket = (): WebSocket => {
    const socket = new FakeSocket(this);
    this.sockets.push(socket);
    queueMicrotask(() => (this.socketless || this.unreachable ? socket.drop() : socket.open()));
    return socket as unknown as WebSocket;
  };

  /** The shop's side says something. */
  say(content: Partial<Content> & { text: string }, author: Author = "assistant"): Message {
    return this.store(author, { kind: "text", ...content } as Content, null);
  }

  frame(after: number): Frame {
    return { messages: this.messages.filter(({ seq }) => seq > after), typing: this.typing };
  }

  setTyping(typing: boolean): void {
    this.typing = typing;
    for (const socket of this.sockets) socket.push({ messages: [], typing });
  }

  sentTexts(): unknown[] {
    return this.calls
      .filter(({ method, path }) => method === "POST" && path === "messages")
      .map(({ body }) => body?.["text"]);
  }

  private createSession() {
    const token = `token-${++this.sessions}`;
    this.tokens.add(token);
    this.messages = [];
    this.store("assistant", { kind: "text", text: "Hello!" }, null);
    return {
      conversation_id: `conversation-${this.sessions}`,
      token,
      expires_at: "2999-01-01T00:00:00Z",
      messages: this.messages,
    };
  }

  private take(call: Call): Response {
    const clientId = String(call.body?.["client_id"]);
    let seq = this.taken.get(clientId);
    if (seq === undefined) {
      const text = String(call.body?.["text"] ?? this.labelOf(call.body?.["button_id"]));
      seq = this.store("shopper", { kind: "text", text }, clientId).seq;
      this.taken.set(clientId, seq);
    }
    if (this.lostReceipts > 0) {
      this.lostReceipts--;
      throw new TypeError("Failed to fetch");
    }
    return json(202, { seq });
  }

  private labelOf(buttonId: unknown): string {
    const buttons = this.messages.flatMap(({ content }) =>
      "buttons" in content ? (content.buttons ?? []) : [],
    );
    return buttons.find(({ id }) => id === buttonId)?.label ?? "?";
  }

  private store(author: Author, content: Content, clientId: string | null): Message {
    const message: Message = {
      seq: this.messages.length + 1,
      author,
      at: new Date().toISOString(),
      content,
      client_id: this.showsClientId ? clientId : null,
    };
    this.messages = [...this.messages, message];
    if (author !== "shopper" || this.echo === "before receipt") {
      for (const socket of this.sockets) socket.push({ messages: [message], typing: this.typing });
    }
    return message;
  }
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

function problem({ status, type = "/problems/any", retryAfter }: Refusal): Response {
  const headers = {
    "Content-Type": "application/problem+json",
    ...(retryAfter ? { "Retry-After": `${retryAfter}` } : {}),
  };
  return new Response(JSON.stringify({ type, title: "no", status }), { status, headers });
}
