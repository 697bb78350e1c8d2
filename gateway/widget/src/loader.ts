/**
 * What a shop's page loads: the button in the corner, and the chat application once somebody wants it.
 * Kept tiny (see LIMITS in build.mjs); everything that can wait is in `main.tsx`.
 */

import { chooseLanguage, type Language, LANGUAGES } from "./language";
import { launcher_failed as failedEn, launcher_open as openEn } from "./locales/en.json";
import { launcher_failed as failedZh, launcher_open as openZh } from "./locales/zh.json";
import type { Chat, Launcher, WidgetOptions } from "./options";
import { browserStorage, storageKey } from "./protocol/session-store";
import { adoptStyles } from "./styles/adopt";

const WORDS: Record<Language, { open: string; failed: string }> = {
  en: { open: openEn, failed: failedEn },
  zh: { open: openZh, failed: failedZh },
};

const TAG = "shopdesk-chat";
const ICON =
  "M12 3C6.5 3 2 6.9 2 11.6c0 2.6 1.4 5 3.6 6.6-.1.9-.6 2.2-1.8 3.3 2 0 3.8-.9 5-1.9 1 .3 2.1.4 3.2.4 5.5 0 10-3.8 10-8.4S17.5 3 12 3Z";

interface Settings extends WidgetOptions {
  theme: string | null;
}

const script = (document.currentScript ??
  document.querySelector('script[src*="/shopdesk.js"]')) as HTMLScriptElement | null;

function readSettings(tag: HTMLScriptElement): Settings {
  const { language, identityToken, sku, order, heading, remember, theme } = tag.dataset;
  const files = new URL("./", tag.src).href;
  return {
    files,
    gateway: new URL("../", files).href,
    language: chooseLanguage([language, document.documentElement.lang, ...navigator.languages]),
    identityToken: identityToken || null,
    page: sku || order ? { sku: sku || null, order: order || null } : null,
    heading: heading || null,
    lifetime: remember === "device" ? "device" : "tab",
    theme: theme ?? null,
  };
}

class ShopdeskChat extends HTMLElement implements Launcher {
  readonly #root = this.attachShadow({ mode: "open" });
  readonly #button = document.createElement("button");
  readonly #count = document.createElement("span");
  readonly #complaint = document.createElement("p");
  #chat: Promise<Chat> | null = null;
  #attempts = 0;
  #settings!: Settings;

  /** Called once by the loader, before the element is put on the page. */
  setUp(settings: Settings): void {
    this.#settings = settings;
    const words = WORDS[settings.language];
    this.#dress(settings.theme);
    adoptStyles(this.#root, __STYLES__, settings.files);

    this.#button.type = "button";
    this.#button.className = "launcher";
    this.#button.setAttribute("aria-haspopup", "dialog");
    this.#button.setAttribute("aria-expanded", "false");
    this.#button.setAttribute("aria-label", words.open);
    this.#button.append(icon(), this.#count);
    this.#button.addEventListener("click", () => this.open());
    this.#count.className = "badge";
    this.#count.hidden = true;
    this.#complaint.className = "complaint";
    this.#complaint.setAttribute("role", "status");
    this.lang = LANGUAGES[settings.language].tag;
    this.#root.append(this.#complaint, this.#button);

    const stored = browserStorage(settings.lifetime)?.getItem(storageKey(new URL(settings.gateway).origin));
    // A conversation of an earlier page goes on: its unread messages are worth a badge.
    if (stored) void this.#load().catch(() => undefined);
  }

  /** Opens the chat, as a press on the button does. */
  open(): void {
    this.#button.setAttribute("aria-busy", "true");
    this.#complaint.textContent = "";
    this.#load()
      .then(
        (chat) => chat.open(true),
        () => (this.#complaint.textContent = WORDS[this.#settings.language].failed),
      )
      .finally(() => this.#button.removeAttribute("aria-busy"));
  }

  close(): void {
    void this.#chat?.then((chat) => chat.close());
  }

  /** A shopper has signed in without the page being loaded anew; `token` is a fresh token signed by the shop. */
  signIn(token: string): void {
    this.#settings.identityToken = token;
    void this.#chat?.then((chat) => chat.signIn(token));
  }

  /** The shopper has signed out without the page being loaded anew. */
  signOut(): void {
    this.#settings.identityToken = null;
    void this.#chat?.then((chat) => chat.signOut());
  }

  badge(unread: number, label: string): void {
    this.#count.hidden = unread === 0;
    this.#count.textContent = unread > 9 ? "9+" : String(unread);
    this.#button.setAttribute("aria-label", label);
  }

  opened(open: boolean): void {
    this.#button.hidden = open;
    this.#button.setAttribute("aria-expanded", String(open));
    if (!open) this.#button.focus();
  }

  /** Puts on the light or the dark colours: those that the page asks for, else those of the shopper's system. */
  #dress(theme: string | null): void {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const choose = () =>
      this.toggleAttribute("dark", theme === "dark" || (theme !== "light" && system.matches));
    system.addEventListener("change", choose);
    choose();
  }

  #load(): Promise<Chat> {
    // Browsers may remember that a module failed to load; another address is another try.
    const again = this.#attempts++ ? `?attempt=${this.#attempts}` : "";
    this.#chat ??= import(/* @vite-ignore */ this.#settings.files + __CHAT_FILE__ + again).then(
      (module: typeof import("./main")) => module.mount(this.#root, this.#settings, this),
    );
    this.#chat.catch(() => (this.#chat = null));
    return this.#chat;
  }
}

function icon(): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICON);
  svg.append(path);
  return svg;
}

function start(): void {
  if (!script?.src || customElements.get(TAG)) return;
  customElements.define(TAG, ShopdeskChat);
  const chat = document.createElement(TAG) as ShopdeskChat;
  chat.setUp(readSettings(script));
  document.body.append(chat);
}

if (document.body) start();
else document.addEventListener("DOMContentLoaded", start);
