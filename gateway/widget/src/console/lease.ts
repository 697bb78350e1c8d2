/** What the console's page asks the gateway: take a conversation, speak in it, give it back. */

/** Who may speak, as the page's stream of events tells it. */
export interface Standing {
  state: "assistant" | "queued" | "agent";
  holder: string | null;
  mine: boolean;
  fencing_number: number;
}

/**
 * `lost`: somebody else may speak now, or nobody; `signed_out`: the session has ended; `picture`: that is none which can
 * be sent; `failed`: try again.
 */
export type Outcome<T> =
  { ok: true; value: T } | { ok: false; why: "lost" | "taken" | "signed_out" | "picture" | "failed" };

export interface SuggestedReply {
  title: string;
  text: string;
  source: "canned" | "policy" | "assistant";
}

export interface Lease {
  fencing_number: number;
  until: string;
}

const API = "/console/api";

/** The routes of one conversation, for the agent whose session's form token is given. */
export class LeaseRoutes {
  constructor(
    private readonly conversation: string,
    private readonly form: string,
    private readonly send: typeof fetch = (...request) => fetch(...request),
  ) {
    this.base = `${API}/conversations/${conversation}`;
  }

  private readonly base: string;

  take(): Promise<Outcome<Lease>> {
    return this.post("take");
  }

  renew(fencing: number): Promise<Outcome<Lease>> {
    return this.post("renew", { fencing_number: fencing });
  }

  typing(fencing: number): Promise<Outcome<null>> {
    return this.post("typing", { fencing_number: fencing });
  }

  say(fencing: number, clientId: string, text: string): Promise<Outcome<{ seq: number }>> {
    return this.post("messages", { fencing_number: fencing, client_id: clientId, text });
  }

  show(fencing: number, clientId: string, picture: Blob): Promise<Outcome<{ seq: number }>> {
    const query = new URLSearchParams({
      conversation_id: this.conversation,
      fencing_number: String(fencing),
      client_id: clientId,
    });
    return this.request(`${API}/images?${query.toString()}`, "picture", picture.type, picture);
  }

  handBack(fencing: number, outcome: "handed_back" | "resolved", note: string): Promise<Outcome<null>> {
    return this.post("hand-back", { fencing_number: fencing, outcome, note });
  }

  toQueue(fencing: number): Promise<Outcome<null>> {
    return this.post("to-queue", { fencing_number: fencing });
  }

  transfer(fencing: number, to: string): Promise<Outcome<null>> {
    return this.post("transfer", { fencing_number: fencing, to });
  }

  /** Replies that may fit what was asked last, or `words`. Empty when they cannot be had. */
  async replies(words: string): Promise<SuggestedReply[]> {
    try {
      const response = await this.send(`${this.base}/replies?q=${encodeURIComponent(words)}`);
      return response.ok ? ((await response.json()) as SuggestedReply[]) : [];
    } catch {
      return [];
    }
  }

  private post<T>(what: string, body?: object): Promise<Outcome<T>> {
    const conflict = what === "take" ? "taken" : "lost";
    const address = `${this.base}/${what}`;
    return this.request(address, conflict, "application/json", body && JSON.stringify(body));
  }

  private async request<T>(
    address: string,
    what: "taken" | "lost" | "picture",
    type: string,
    body?: BodyInit,
  ): Promise<Outcome<T>> {
    let response: Response;
    try {
      response = await this.send(address, {
        method: "POST",
        headers: { "Content-Type": type, "X-Shopdesk-Form": this.form },
        ...(body ? { body } : {}),
      });
    } catch {
      return { ok: false, why: "failed" };
    }
    if (response.status === 204) return { ok: true, value: null as T };
    if (response.ok) return { ok: true, value: (await response.json()) as T };
    if (response.status === 409) return { ok: false, why: what === "taken" ? "taken" : "lost" };
    if (what === "picture" && [413, 422, 429].includes(response.status)) return { ok: false, why: "picture" };
    return { ok: false, why: response.status === 401 || response.status === 403 ? "signed_out" : "failed" };
  }
}
