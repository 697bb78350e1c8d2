import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Conversation, type ConversationOptions, pressedLabel } from "../src/conversation";
import { ChatApi } from "../src/protocol/api";
import { SessionStore } from "../src/protocol/session-store";
import { FakeGateway } from "./fake-gateway";

let gateway: FakeGateway;
let online: boolean;
let conversations: Conversation[];

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  gateway = new FakeGateway();
  online = true;
  conversations = [];
});

afterEach(() => {
  for (const conversation of conversations) conversation.stop();
  vi.useRealTimers();
});

function store(): SessionStore {
  return new SessionStore("https://gateway.example", sessionStorage);
}

/** A conversation as one page has it; another call is another page of the same tab. */
function page(options: Partial<ConversationOptions> = {}): Conversation {
  let ids = 0;
  const conversation = new Conversation({
    api: new ChatApi("https://gateway.example/", gateway.fetch),
    store: store(),
    language: "en",
    identityToken: null,
    page: null,
    online: () => online,
    random: () => 0,
    webSocket: gateway.webSocket,
    uuid: () => `page${conversations.length}-${++ids}`,
    ...options,
  });
  conversations.push(conversation);
  return conversation;
}

async function opened(options: Partial<ConversationOptions> = {}): Promise<Conversation> {
  const conversation = page(options);
  conversation.watch(true);
  await conversation.start();
  await settle();
  return conversation;
}

/** Lets everything run that waits for nothing but its turn, and then `ms` pass. */
async function settle(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

function texts(conversation: Conversation): string[] {
  return conversation.snapshot.entries.map(
    ({ message, outgoing }) => message?.content.text ?? outgoing?.label ?? "",
  );
}

function states(conversation: Conversation): (string | null)[] {
  return conversation.snapshot.entries.map(({ outgoing }) => outgoing?.state ?? null);
}

/** A JWT that nobody signed. */
function token(subject: string): string {
  return `x.${btoa(JSON.stringify({ sub: subject }))}.y`;
}

describe("beginning", () => {
  it("asks for nothing and stores nothing before it is opened", async () => {
    page();
    await settle(60_000);
    expect(gateway.calls).toEqual([]);
    expect(gateway.sockets).toEqual([]);
    expect(sessionStorage.length).toBe(0);
  });

  it("opens one session with language, identity token and page, and shows the greeting", async () => {
    const conversation = page({
      language: "zh",
      identityToken: token("c1"),
      page: { sku: "MUG", order: null },
    });
    await Promise.all([conversation.start(), conversation.start()]);
    expect(gateway.calls.map(({ path, body }) => ({ path, body }))).toEqual([
      {
        path: "sessions",
        body: { language: "zh", identity_token: token("c1"), page: { sku: "MUG", order: null } },
      },
    ]);
    expect(texts(conversation)).toEqual(["Hello!"]);
  });

  it("goes on as a guest, and says so, when the identity token is refused", async () => {
    gateway.refusals["POST sessions"] = [{ status: 401 }];
    const conversation = await opened({ identityToken: token("c1") });
    expect(conversation.snapshot.phase).toBe("ready");
    expect(conversation.snapshot.notice).toBe("notice_guest");
    expect(gateway.calls.map(({ body }) => body?.["identity_token"])).toEqual([token("c1"), null]);
    expect(store().load()?.subject).toBeNull();
  });

  it("tries again by itself when the gateway cannot be reached", async () => {
    gateway.unreachable = true;
    const conversation = await opened();
    expect(conversation.snapshot.phase).toBe("failed");
    gateway.unreachable = false;
    await settle(2_000);
    expect(conversation.snapshot.phase).toBe("ready");
  });

  it("keeps words written while it was starting and sends them once it has started", async () => {
    gateway.unreachable = true;
    const conversation = await opened();
    conversation.say("where is my order?");
    gateway.unreachable = false;
    await settle(5_000);
    expect(texts(conversation)).toEqual(["Hello!", "where is my order?"]);
    expect(gateway.taken.size).toBe(1);
  });
});

describe("sending", () => {
  it("shows a message at once and ends with exactly one of it", async () => {
    const conversation = await opened();
    conversation.say("  hi  ");
    expect(texts(conversation)).toEqual(["Hello!", "hi"]);
    expect(states(conversation)[1]).toBe("sending");
    const key = conversation.snapshot.entries[1]?.key;
    await settle();
    expect(texts(conversation)).toEqual(["Hello!", "hi"]);
    expect(states(conversation)[1]).toBeNull();
    expect(conversation.snapshot.entries[1]?.key).toBe(key);
  });

  it("keeps apart two messages with the same words", async () => {
    const conversation = await opened();
    conversation.say("hi");
    // Another tab of the same conversation says the same at the same time.
    gateway.say({ text: "hi" }, "shopper");
    await settle();
    expect(texts(conversation)).toEqual(["Hello!", "hi", "hi"]);
    expect(states(conversation)).toEqual([null, null, null]);
    expect(new Set(conversation.snapshot.entries.map(({ key }) => key)).size).toBe(3);
  });

  it("finds its message by the receipt where the gateway does not repeat the client id", async () => {
    gateway.showsClientId = false;
    const conversation = await opened();
    conversation.say("hi");
    await settle();
    expect(texts(conversation)).toEqual(["Hello!", "hi"]);
    expect(states(conversation)).toEqual([null, null]);
  });

  it("says nothing of words that are only spaces", async () => {
    const conversation = await opened();
    conversation.say(" \n ");
    await settle();
    expect(gateway.sentTexts()).toEqual([]);
  });

  it("sends one after the other in the order of writing", async () => {
    const conversation = await opened();
    for (const words of ["one", "two", "three"]) conversation.say(words);
    await settle();
    expect(gateway.sentTexts()).toEqual(["one", "two", "three"]);
    expect(texts(conversation)).toEqual(["Hello!", "one", "two", "three"]);
  });

  it("repeats with the same client id when the receipt is lost, so nothing is said twice", async () => {
    gateway.lostReceipts = 2;
    const conversation = await opened();
    conversation.say("refund me");
    await settle(10_000);
    const ids = gateway.calls
      .filter(({ path, method }) => path === "messages" && method === "POST")
      .map(({ body }) => body?.["client_id"]);
    expect(ids.length).toBeGreaterThanOrEqual(1);
    expect(new Set(ids).size).toBe(1);
    expect(gateway.messages.filter(({ author }) => author === "shopper")).toHaveLength(1);
    expect(texts(conversation)).toEqual(["Hello!", "refund me"]);
  });

  it("waits while offline and sends when the network is back", async () => {
    const conversation = await opened();
    online = false;
    conversation.say("still there?");
    await settle(60_000);
    expect(states(conversation)[1]).toBe("waiting");
    expect(conversation.snapshot.link).toBe("offline");
    expect(gateway.sentTexts()).toEqual([]);
    online = true;
    conversation.wake();
    await settle();
    expect(gateway.sentTexts()).toEqual(["still there?"]);
  });

  it("waits as long as the gateway asks when it is busy, and says so; later words do not overtake", async () => {
    const conversation = await opened();
    gateway.refusals["POST messages"] = [{ status: 429, retryAfter: 7 }];
    conversation.say("one");
    await settle();
    expect(conversation.snapshot.notice).toBe("notice_busy");
    conversation.say("two");
    await settle(6_900);
    expect(gateway.sentTexts()).toEqual(["one"]);
    await settle(200);
    expect(gateway.sentTexts()).toEqual(["one", "one", "two"]);
    expect(conversation.snapshot.notice).toBeNull();
  });

  it("gives up after some server errors with a reason, and sends again on request", async () => {
    const conversation = await opened();
    gateway.refusals["POST messages"] = Array.from({ length: 5 }, () => ({ status: 503 }));
    conversation.say("hi");
    await settle(60_000);
    const failed = conversation.snapshot.entries[1]?.outgoing;
    expect(failed).toMatchObject({ state: "failed", problem: "problem_service" });
    conversation.retry(failed?.clientId ?? "");
    await settle();
    expect(texts(conversation)).toEqual(["Hello!", "hi"]);
    expect(states(conversation)[1]).toBeNull();
  });

  it("gives up at once what the gateway refuses, lets it be removed, and goes on with the next", async () => {
    const conversation = await opened();
    gateway.refusals["POST messages"] = [{ status: 422 }];
    conversation.press("old", "Yes", 1);
    conversation.say("next");
    await settle();
    expect(gateway.sentTexts()).toEqual([undefined, "next"]);
    const failed = conversation.snapshot.entries.find(({ outgoing }) => outgoing)?.outgoing;
    expect(failed).toMatchObject({ state: "failed", problem: "problem_button" });
    conversation.discard(failed?.clientId ?? "");
    expect(texts(conversation)).toEqual(["Hello!", "next"]);
  });

  it("survives a reload: what was not sent is sent by the next page under the same id", async () => {
    const first = await opened();
    online = false;
    first.say("before the reload");
    await settle();
    first.stop();
    online = true;
    const second = await opened();
    await settle();
    expect(texts(second)).toEqual(["Hello!", "before the reload"]);
    expect([...gateway.taken.keys()]).toEqual(["page1-1"]);
    expect(store().load()?.unsent).toEqual([]);
  });
});

describe("receiving", () => {
  it("presents the token in the first frame, never in an address", async () => {
    const addresses: string[] = [];
    await opened({
      webSocket: ((url: string) => {
        addresses.push(url);
        return gateway.webSocket();
      }) as (url: string) => WebSocket,
    });
    expect(addresses).toEqual(["wss://gateway.example/api/chat/socket"]);
    expect(gateway.sockets[0]?.sent).toEqual([{ token: "token-1", after: 1 }]);
  });

  it("shows each message once and in order, whatever the order of arrival", async () => {
    const conversation = await opened();
    const socket = gateway.sockets[0];
    const at = new Date().toISOString();
    const message = (seq: number) => ({
      seq,
      author: "assistant" as const,
      at,
      content: { kind: "text" as const, text: `${seq}` },
    });
    socket?.push({ messages: [message(4), message(3)], typing: true });
    socket?.push({ messages: [message(2), message(3), message(4)], typing: false });
    expect(texts(conversation)).toEqual(["Hello!", "2", "3", "4"]);
    expect(conversation.snapshot.typing).toBe(false);
  });

  it("shows typing as the gateway tells it", async () => {
    const conversation = await opened();
    gateway.setTyping(true);
    expect(conversation.snapshot.typing).toBe(true);
    gateway.setTyping(false);
    expect(conversation.snapshot.typing).toBe(false);
  });

  it("reconnects after the last message it has, and misses none", async () => {
    const conversation = await opened();
    gateway.say({ text: "one" });
    gateway.unreachable = true;
    gateway.sockets[0]?.drop();
    await settle();
    expect(conversation.snapshot.link).toBe("down");
    gateway.messages = [
      ...gateway.messages,
      { ...gateway.messages[1]!, seq: 3, content: { kind: "text", text: "two" } },
    ];
    gateway.unreachable = false;
    await settle(5_000);
    expect(conversation.snapshot.link).toBe("up");
    expect(texts(conversation)).toEqual(["Hello!", "one", "two"]);
    expect(gateway.sockets.at(-1)?.sent[0]?.after).toBeGreaterThanOrEqual(2);
  });

  it("waits longer after each failed attempt, up to half a minute", async () => {
    const conversation = await opened();
    gateway.unreachable = true;
    gateway.sockets[0]?.drop();
    await settle(180_000);
    // 1 s doubling to 30 s, halved by the dice: at most 0.5+1+2+4+8+15… in three minutes, and not silent either.
    expect(gateway.sockets.length).toBeGreaterThan(8);
    expect(gateway.sockets.length).toBeLessThan(20);
    conversation.stop();
  });

  it("falls back to asking where no socket is to be had", async () => {
    gateway.socketless = true;
    const conversation = await opened();
    conversation.say("hi");
    await settle(3_000);
    gateway.say({ text: "answer" });
    await settle(3_000);
    expect(texts(conversation)).toEqual(["Hello!", "hi", "answer"]);
    expect(conversation.snapshot.link).toBe("up");
  });

  it("does not ask in a tight loop, though the gateway answers at once", async () => {
    gateway.socketless = true;
    await opened();
    gateway.calls.length = 0;
    await settle(120_000);
    expect(gateway.calls.length).toBeLessThan(60);
  });

  it("works where even making a socket throws", async () => {
    const conversation = await opened({
      webSocket: () => {
        throw new DOMException("refused by policy", "SecurityError");
      },
    });
    gateway.say({ text: "answer" });
    await settle(5_000);
    expect(texts(conversation)).toEqual(["Hello!", "answer"]);
  });

  it("starts a new socket when a receipt is not shown back on the old one", async () => {
    const conversation = await opened();
    gateway.echo = "never";
    conversation.say("hi");
    await settle();
    expect(states(conversation)[1]).toBe("sent");
    await settle(9_000);
    expect(gateway.sockets.length).toBe(2);
    expect(states(conversation)[1]).toBeNull();
  });

  it("counts as unread what the shop says while nobody looks", async () => {
    const conversation = await opened();
    expect(conversation.snapshot.unread).toBe(0);
    conversation.watch(false);
    gateway.say({ text: "one" });
    gateway.say({ text: "two" }, "agent");
    gateway.say({ text: "mine, from another tab" }, "shopper");
    expect(conversation.snapshot.unread).toBe(2);
    conversation.watch(true);
    expect(conversation.snapshot.unread).toBe(0);
  });
});

describe("reloading", () => {
  it("fetches the history again and knows what was read", async () => {
    const first = await opened();
    first.say("hi");
    await settle();
    first.stop();
    gateway.say({ text: "while away" });
    gateway.calls.length = 0;
    const second = page();
    expect(second.resumable).toBe(true);
    await second.start();
    expect(gateway.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET messages"]);
    expect(texts(second)).toEqual(["Hello!", "hi", "while away"]);
    expect(second.snapshot.unread).toBe(1);
  });

  it("keeps token and read mark in the browser, never the transcript", async () => {
    const conversation = await opened();
    gateway.say({ text: "Your order goes to 1 Secret Street" });
    conversation.say("thank you very much");
    await settle();
    const stored = JSON.stringify({ ...sessionStorage });
    expect(stored).toContain("token-1");
    expect(stored).not.toContain("Secret Street");
    expect(stored).not.toContain("thank you");
  });

  it("begins a new conversation with a note when the token has expired", async () => {
    const conversation = await opened();
    gateway.tokens.clear();
    conversation.say("hello again");
    await settle(5_000);
    expect(conversation.snapshot.notice).toBe("notice_renewed");
    expect(texts(conversation)).toEqual(["Hello!", "hello again"]);
    expect(gateway.calls.filter(({ path }) => path === "sessions")).toHaveLength(2);
  });

  it("does not go round in circles when new tokens are refused too", async () => {
    const conversation = await opened();
    gateway.refusals["POST messages"] = Array.from({ length: 100 }, () => ({ status: 401 }));
    conversation.say("hi");
    await settle(600_000);
    expect(gateway.calls.filter(({ path }) => path === "sessions").length).toBeLessThan(6);
    expect(conversation.snapshot.phase).toBe("failed");
  });

  it("finds an expired token of a closed socket, and begins anew only when somebody looks", async () => {
    const conversation = await opened();
    conversation.watch(false);
    gateway.tokens.clear();
    gateway.sockets[0]?.drop();
    await settle(5_000);
    expect(conversation.snapshot.entries).toEqual([]);
    expect(gateway.calls.filter(({ path }) => path === "sessions")).toHaveLength(1);
    expect(sessionStorage.length).toBe(0);
  });

  it("forgets a stored session that is past its time", async () => {
    await opened();
    const stored = store().load()!;
    store().save({ ...stored, expiresAt: "2001-01-01T00:00:00Z" });
    expect(page().resumable).toBe(false);
  });
});

describe("who is signed in", () => {
  it("does not show one shopper's conversation to the next, nor to nobody", async () => {
    await opened({ identityToken: token("ada") });
    expect(page({ identityToken: token("ada") }).resumable).toBe(true);
    expect(page({ identityToken: token("bob") }).resumable).toBe(false);
    await opened({ identityToken: token("ada") });
    expect(page({ identityToken: null }).resumable).toBe(false);
  });

  it("ties a guest's conversation to the shopper who signs in", async () => {
    (await opened()).stop();
    const second = await opened({ identityToken: token("ada") });
    expect(gateway.calls.find(({ path }) => path === "identity")?.body).toEqual({
      identity_token: token("ada"),
    });
    await settle();
    expect(store().load()?.subject).toBe("ada");
    expect(texts(second)).toEqual(["Hello!"]);
  });

  it("ties the conversation to who signs in while it is being opened", async () => {
    const conversation = page();
    conversation.watch(true);
    const starting = conversation.start();
    conversation.signIn(token("ada"));
    await starting;
    await settle();
    expect(gateway.calls.map(({ path, body }) => [path, body?.["identity_token"]]).slice(0, 2)).toEqual([
      ["sessions", null],
      ["identity", token("ada")],
    ]);
    expect(store().load()?.subject).toBe("ada");
  });

  it("sends what is said only once the gateway knows who signed in", async () => {
    const slow = (async (input: string, init: RequestInit) => {
      const answer = await gateway.fetch(input, init);
      if (input.endsWith("/identity")) await new Promise((done) => setTimeout(done, 500));
      return answer;
    }) as typeof globalThis.fetch;
    const conversation = await opened({ api: new ChatApi("https://gateway.example/", slow) });
    conversation.signIn(token("ada"));
    conversation.say("I want to return the scarf");
    await settle(400);
    expect(gateway.sentTexts()).toEqual([]);
    await settle(200);
    expect(gateway.sentTexts()).toEqual(["I want to return the scarf"]);
  });

  it("sends it as a guest's when the gateway does not know the shopper", async () => {
    const conversation = await opened();
    gateway.refusals["POST identity"] = [{ status: 401 }];
    conversation.signIn(token("ada"));
    conversation.say("hello");
    await settle();
    expect(gateway.sentTexts()).toEqual(["hello"]);
  });

  it("leaves nothing on the page after signing out, not even what is still on its way", async () => {
    const first = await opened({ identityToken: token("ada") });
    first.stop();
    const second = page({ identityToken: token("ada") });
    const resuming = second.start();
    second.signOut();
    await resuming;
    await settle();
    expect(second.snapshot.entries).toEqual([]);
    expect(sessionStorage.length).toBe(0);
  });
});

describe("buttons", () => {
  it("knows a button as pressed while it is on its way, and after a reload", async () => {
    const conversation = await opened();
    const buttons = [
      { id: "b1", label: "Track" },
      { id: "b2", label: "Other" },
    ];
    const question = gateway.say({ kind: "quick_replies", text: "Which?", buttons });
    expect(pressedLabel(question, conversation.snapshot.entries)).toBeNull();
    conversation.press("b1", "Track", question.seq);
    expect(pressedLabel(question, conversation.snapshot.entries)).toBe("Track");
    await settle();
    conversation.stop();
    const second = await opened();
    expect(pressedLabel(question, second.snapshot.entries)).toBe("Track");
  });

  it("keeps the buttons open when something else was said", async () => {
    const conversation = await opened();
    const question = gateway.say({
      kind: "quick_replies",
      text: "Which?",
      buttons: [{ id: "b", label: "A" }],
    });
    conversation.say("something else");
    await settle();
    expect(pressedLabel(question, conversation.snapshot.entries)).toBeNull();
  });
});

describe("pictures, picks and the conversation to keep", () => {
  const picture = new Blob(["…"], { type: "image/png" });

  it("uploads a picture and sends a message that shows it", async () => {
    const conversation = await opened();
    await conversation.show(picture, "Picture");
    await settle();
    const [upload, message] = gateway.calls.slice(-2);
    expect(upload).toMatchObject({ method: "POST", path: "images", token: "token-1" });
    expect(message?.body).toMatchObject({ image_id: expect.stringMatching(/^image-/) as unknown });
    expect(conversation.snapshot.notice).toBe(null);
  });

  it("says so when a picture is refused, until one goes through", async () => {
    const conversation = await opened();
    gateway.refusals["POST images"] = [{ status: 422 }];
    await conversation.show(picture, "Picture");
    expect(conversation.snapshot.notice).toBe("notice_picture");
    expect(gateway.sentTexts()).toEqual([]);
    await conversation.show(picture, "Picture");
    expect(conversation.snapshot.notice).toBe(null);
  });

  it("sends which product was picked", async () => {
    const conversation = await opened();
    conversation.pick("KETTLE-1", "Kettle");
    await settle();
    expect(gateway.calls.at(-1)?.body).toMatchObject({ pick: { sku: "KETTLE-1" } });
  });

  it("fetches the conversation as text, and nothing when it cannot", async () => {
    const conversation = await opened();
    expect(await conversation.transcript()).toBe("You\nhello");
    gateway.refusals["GET transcript"] = [{ status: 500 }];
    expect(await conversation.transcript()).toBe(null);
    sessionStorage.clear();
    expect(await page().transcript()).toBe(null);
  });
});
