import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Conversation } from "../src/conversation";
import { Localisation } from "../src/i18n";
import type { Language } from "../src/language";
import { ChatApi } from "../src/protocol/api";
import { SessionStore } from "../src/protocol/session-store";
import type { Content } from "../src/protocol/wire";
import { MOST_CHARACTERS } from "../src/ui/composer";
import { Panel } from "../src/ui/panel";
import { FakeGateway } from "./fake-gateway";

let gateway: FakeGateway;
let conversation: Conversation;
let place: HTMLElement;
let closed: number;
let language: Language;

beforeEach(() => {
  sessionStorage.clear();
  gateway = new FakeGateway();
  closed = 0;
  language = "en";
  conversation = new Conversation({
    api: new ChatApi("https://gateway.example/", gateway.fetch),
    store: new SessionStore("https://gateway.example", sessionStorage),
    language,
    identityToken: null,
    page: null,
    online: () => true,
    webSocket: gateway.webSocket,
  });
  place = document.createElement("div");
  document.body.append(place);
});

afterEach(() => {
  conversation.stop();
  render(null, place);
  place.remove();
});

async function open(): Promise<void> {
  conversation.watch(true);
  await conversation.start();
  await draw();
}

async function draw(): Promise<void> {
  await vi.waitFor(() => expect(gateway.sockets.at(-1)?.isOpen).toBe(true));
  const words = await Localisation.load(language);
  await act(() =>
    render(
      <Panel
        conversation={conversation}
        snapshot={conversation.snapshot}
        words={words}
        heading={null}
        gateway="https://gateway.example/"
        open
        takeFocus
        onClose={() => closed++}
        onLanguage={(chosen) => (language = chosen)}
      />,
      place,
    ),
  );
}

async function showing(
  content: Partial<Content> & { text: string },
  author: "assistant" | "agent" = "assistant",
) {
  if (!gateway.sockets.length) await open();
  gateway.say(content, author);
  await draw();
  const row = place.querySelector<HTMLElement>(".row:last-of-type");
  if (!row) throw new Error("nothing was drawn");
  return row;
}

function field(): HTMLTextAreaElement {
  return place.querySelector("textarea")!;
}

async function type(text: string): Promise<void> {
  await act(() => {
    field().value = text;
    field().dispatchEvent(new Event("input", { bubbles: true }));
  });
}

async function press(init: KeyboardEventInit & { keyCode?: number }): Promise<KeyboardEvent> {
  const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init });
  if (init.keyCode !== undefined) Object.defineProperty(event, "keyCode", { value: init.keyCode });
  await act(() => void field().dispatchEvent(event));
  return event;
}

describe("the composer", () => {
  beforeEach(open);

  it("sends with Enter and is empty afterwards", async () => {
    await type("hello");
    const event = await press({ key: "Enter" });
    expect(event.defaultPrevented).toBe(true);
    await vi.waitFor(() => expect(gateway.sentTexts()).toEqual(["hello"]));
    expect(field().value).toBe("");
  });

  it.each([
    ["Shift with Enter begins a new line", { key: "Enter", shiftKey: true }],
    ["Enter that picks a word while composing", { key: "Enter", isComposing: true }],
    ["Enter that an old browser reports as 229", { key: "Enter", keyCode: 229 }],
  ])("does not send: %s", async (_, init) => {
    await type("ni hao");
    const event = await press(init);
    expect(event.defaultPrevented).toBe(false);
    await draw();
    expect(gateway.sentTexts()).toEqual([]);
    expect(field().value).toBe("ni hao");
  });

  it("counts as the gateway counts, says when it is too much, and does not send it", async () => {
    await type("😀".repeat(MOST_CHARACTERS));
    expect(place.querySelector("#limit")?.textContent).toBe("0 characters left");
    await type("好".repeat(MOST_CHARACTERS + 1));
    expect(place.querySelector("#limit")?.textContent).toContain("1 character too many");
    expect(field().getAttribute("aria-invalid")).toBe("true");
    await press({ key: "Enter" });
    expect(gateway.sentTexts()).toEqual([]);
  });

  it("asks for a person in the language's own words", async () => {
    language = "zh";
    await draw();
    await act(() => place.querySelector<HTMLButtonElement>(".person")!.click());
    await vi.waitFor(() => expect(gateway.sentTexts()).toEqual(["转人工客服"]));
  });
});

describe("the panel", () => {
  beforeEach(open);

  it("is a named dialog that takes the focus and closes with Escape", async () => {
    const dialog = place.querySelector("[role=dialog]")!;
    const name = place.querySelector(`#${dialog.getAttribute("aria-labelledby")}`);
    expect(name?.textContent).toBe("Customer service");
    expect(document.activeElement).toBe(field());
    await press({ key: "Escape" });
    expect(closed).toBe(1);
  });

  it("does not close while a word is being composed", async () => {
    await press({ key: "Escape", isComposing: true });
    expect(closed).toBe(0);
  });

  it("keeps its keys from the page's own shortcuts", async () => {
    const heard = vi.fn();
    document.addEventListener("keydown", heard);
    await press({ key: "/" });
    document.removeEventListener("keydown", heard);
    expect(heard).not.toHaveBeenCalled();
  });

  it("says that an assistant answers, and names the person who takes over", async () => {
    expect(place.querySelector(".titles")?.textContent).toContain("Automated assistant");
    expect(place.querySelector(".disclosure")?.textContent).toContain("automated assistant");
    gateway.messages = [...gateway.messages];
    const message = gateway.say({ text: "Hi, I am Mei." }, "agent");
    message.author_name = "Mei";
    gateway.sockets[0]?.push({ messages: [{ ...message, seq: 9, author_name: "Mei" }], typing: false });
    await draw();
    expect(place.querySelector(".titles")?.textContent).toContain("You are talking with Mei");
  });

  it("has a polite log, and changes its language", async () => {
    const log = place.querySelector("[role=log]")!;
    expect(log.getAttribute("aria-live")).toBe("polite");
    await act(() => place.querySelector<HTMLButtonElement>(".language")!.click());
    await draw();
    expect(place.querySelector("[role=dialog]")?.getAttribute("lang")).toBe("zh-CN");
    expect(place.querySelector("h2")?.textContent).toBe("在线客服");
  });
});

describe("messages", () => {
  it("shows markup as the text it is", async () => {
    const row = await showing({ text: "<img src=x onerror=alert(1)><b>bold</b>" });
    expect(row.querySelector("img, b")).toBeNull();
    expect(row.textContent).toContain("<img src=x onerror=alert(1)><b>bold</b>");
  });

  it("links https addresses without an opener", async () => {
    const row = await showing({ text: "see https://shop.example/help." });
    const link = row.querySelector("a")!;
    expect(link.href).toBe("https://shop.example/help");
    expect(link.rel).toContain("noopener");
  });

  it("leaves a kind it does not know to its words", async () => {
    const row = await showing({ kind: "hologram", text: "In words." } as unknown as Content);
    expect(row.textContent).toContain("In words.");
  });

  it("closes the buttons of a message once one was pressed, and tells which", async () => {
    const row = await showing({
      kind: "quick_replies",
      text: "Which?",
      buttons: [
        { id: "b1", label: "Track" },
        { id: "b2", label: "Return" },
      ],
    });
    await act(() => row.querySelectorAll<HTMLButtonElement>(".choice")[1]!.click());
    await draw();
    const buttons = [...place.querySelectorAll<HTMLButtonElement>(".choice")];
    expect(buttons.map(({ disabled }) => disabled)).toEqual([true, true]);
    expect(buttons[1]?.textContent).toContain("chosen");
    await vi.waitFor(() => expect(gateway.calls.at(-1)?.body).toMatchObject({ button_id: "b2" }));
  });

  it("draws an order with its lines, state and total", async () => {
    const row = await showing({
      kind: "order_card",
      text: "Here it is.",
      order_number: "A1",
      state: "shipped",
      state_text: "On its way",
      lines: [
        {
          title: "Mug",
          options: "blue",
          quantity: 2,
          total: { amount: 2400, currency: "GBP", text: "£24.00" },
        },
      ],
      total: { amount: 2400, currency: "GBP", text: "£24.00" },
    });
    // The card holds all that the words say; both would say it twice.
    expect(row.textContent).not.toContain("Here it is.");
    for (const words of ["Order A1", "On its way", "Mug", "blue", "Quantity 2", "Total", "£24.00"]) {
      expect(row.textContent).toContain(words);
    }
  });

  it("draws parcels with carrier, number, day and scans, latest first, and says what is not known", async () => {
    const event = (label: string, at: string | null = null) => ({ at, label });
    const row = await showing({
      kind: "shipment_timeline",
      text: "Two parcels.",
      order_number: "A1",
      parcels: [
        {
          carrier: "DPD",
          tracking_number: "155",
          state: "in_transit",
          state_text: "In transit",
          promised_on: "2026-03-12",
          late: true,
          events: [event("first", "2026-03-09T09:00:00Z"), event("second"), event("third"), event("fourth")],
        },
        { state: "handed_over", state_text: "Handed over", events: [] },
      ],
    });
    const labels = [...row.querySelectorAll(".scan-label")].map(({ textContent }) => textContent);
    expect(labels).toEqual(["fourth", "third", "second", "first"]);
    for (const words of [
      "Parcel 1 of 2",
      "Parcel 2 of 2",
      "DPD",
      "155",
      "Delayed",
      "March",
      "Time not known",
      "Show 1 earlier update",
    ]) {
      expect(row.textContent).toContain(words);
    }
    expect(row.textContent).toContain("The carrier has not reported anything yet.");
  });

  it("does not let an expired proposal be confirmed", async () => {
    const proposal = (expires: number) => ({
      kind: "proposal" as const,
      text: "Return it?",
      proposal_id: "p",
      expires_at: new Date(Date.now() + expires).toISOString(),
      changes: [{ label: "Return mug", detail: "£12.00 to Visa 4242" }],
      buttons: [{ id: "y", label: "Yes" }],
    });
    const open = await showing(proposal(60_000));
    expect(open.textContent).toContain("£12.00 to Visa 4242");
    expect(open.querySelector<HTMLButtonElement>(".choice")?.disabled).toBe(false);
    const expired = await showing(proposal(-1000));
    expect(expired.querySelector<HTMLButtonElement>(".choice")?.disabled).toBe(true);
    expect(expired.textContent).toContain("expired");
  });

  it("follows no address on a card but https and the shop's own", async () => {
    const row = await showing({
      kind: "product_cards",
      text: "Look.",
      products: [{ sku: "1", title: "Mug", url: "javascript:alert(1)", image_url: "data:image/svg+xml,x" }],
    });
    expect(row.querySelector("a, img")).toBeNull();
    const stores = await showing({
      kind: "store_cards",
      text: "Shops.",
      stores: [{ name: "Bath", address: "3 Milsom Street", map_url: "https://maps.example/bath" }],
    });
    expect(stores.querySelector("a")?.href).toBe("https://maps.example/bath");
  });

  it("shows a picture from the gateway with its words as the alternative", async () => {
    const row = await showing({
      kind: "image",
      text: "A cracked mug",
      url: "/api/images/1",
      width: 300,
      height: 200,
    });
    const image = row.querySelector("img")!;
    expect(image.src).toBe("https://gateway.example/api/images/1");
    expect(image.alt).toBe("A cracked mug");
  });
});
