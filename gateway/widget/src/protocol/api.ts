/** The chat API over HTTP. Tokens travel in the Authorization header, never in an address. */

import type { Frame, Input, PageHint, SessionRequest, SessionResponse } from "./wire";

/** The gateway answered with an error. `type` is the problem document's stable type; `retryAfter` is in seconds. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly retryAfter: number | null,
  ) {
    super(`${status} ${type}`);
  }
}

/** No answer came: no connection, a refused one, or none in time. */
export class NetworkError extends Error {}

const REQUEST_SECONDS = 20;

export class ChatApi {
  readonly #root: string;
  readonly #fetch: typeof globalThis.fetch;

  /** `root` is the gateway's address with a trailing slash. */
  constructor(root: string, fetch: typeof globalThis.fetch = globalThis.fetch.bind(globalThis)) {
    this.#root = root;
    this.#fetch = fetch;
  }

  createSession(request: SessionRequest): Promise<SessionResponse> {
    return this.#call("POST", "sessions", null, request);
  }

  send(token: string, clientId: string, input: Input, page: PageHint | null): Promise<{ seq: number }> {
    return this.#call("POST", "messages", token, {
      client_id: clientId,
      ...input,
      ...(page ? { page } : {}),
    });
  }

  /** Messages after `after`; waits at the gateway up to `wait` seconds for one. */
  read(token: string, after: number, wait: number, signal?: AbortSignal): Promise<Frame> {
    return this.#call("GET", `messages?after=${after}&wait=${wait}`, token, undefined, wait, signal);
  }

  async identify(token: string, identityToken: string): Promise<void> {
    await this.#call("POST", "identity", token, { identity_token: identityToken });
  }

  /** Uploads a picture; a message with its id shows it. */
  async upload(token: string, picture: Blob): Promise<string> {
    return (await this.#call<{ image_id: string }>("POST", "images", token, picture)).image_id;
  }

  /** The conversation as a text file. */
  transcript(token: string): Promise<string> {
    return this.#call("GET", "transcript", token);
  }

  /** The socket's address. */
  get socketUrl(): string {
    return new URL("api/chat/socket", this.#root).href.replace(/^http/, "ws");
  }

  async #call<T>(
    method: string,
    path: string,
    token: string | null,
    body?: unknown,
    waitSeconds = 0,
    signal?: AbortSignal,
  ): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (token) headers["Authorization"] = `Bearer ${token}`;
    const blob = body instanceof Blob;
    if (body !== undefined) headers["Content-Type"] = blob ? body.type : "application/json";
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), (REQUEST_SECONDS + waitSeconds) * 1000);
    signal?.addEventListener("abort", () => limit.abort());
    try {
      const response = await this.#fetch(`${this.#root}api/chat/${path}`, {
        method,
        headers,
        body: body === undefined ? null : blob ? body : JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "strict-origin-when-cross-origin",
        signal: limit.signal,
      });
      const text = await response.text();
      if (!response.ok) throw problem(response, text);
      const json = response.headers.get("Content-Type")?.includes("json");
      return (json ? JSON.parse(text) : text) as T;
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new NetworkError(String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

function problem(response: Response, text: string): ApiError {
  let type = "about:blank";
  try {
    type = String((JSON.parse(text) as { type?: unknown }).type ?? type);
  } catch {
    // A proxy's own error page: the status says enough.
  }
  const seconds = Number(response.headers.get("Retry-After"));
  return new ApiError(response.status, type, Number.isFinite(seconds) && seconds > 0 ? seconds : null);
}
