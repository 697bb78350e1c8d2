/** The chat application: joins the conversation with the panel on the screen. Imported by the loader when needed. */

import { render } from "preact";
import { Conversation } from "./conversation";
import { Localisation } from "./i18n";
import { chooseLanguage, type Language } from "./language";
import type { Chat, Launcher, WidgetOptions } from "./options";
import { ChatApi } from "./protocol/api";
import { browserStorage, SessionStore } from "./protocol/session-store";
import { adoptStyles } from "./styles/adopt";
import { Panel } from "./ui/panel";

/** On narrower screens the panel covers the page, so it is not opened again by itself on the next one. */
const WIDE = "(min-width: 481px)";

/** Draws the (closed) panel into the loader's shadow root. */
export async function mount(root: ShadowRoot, options: WidgetOptions, launcher: Launcher): Promise<Chat> {
  const conversation = new Conversation({
    api: new ChatApi(options.gateway),
    store: new SessionStore(new URL(options.gateway).origin, browserStorage(options.lifetime)),
    language: options.language,
    identityToken: options.identityToken,
    page: options.page,
  });
  let words = await Localisation.load(chooseLanguage([conversation.chosenLanguage, options.language]));
  adoptStyles(root, __STYLES__, options.files);
  const place = document.createElement("div");
  place.className = "place";
  root.append(place);

  let open = false;
  let takeFocus = false;
  let drawing = false;

  function draw(): void {
    drawing = false;
    const { unread } = conversation.snapshot;
    launcher.badge(unread, unread ? words.count("launcher_unread", unread) : words.text("launcher_open"));
    render(
      <Panel
        conversation={conversation}
        snapshot={conversation.snapshot}
        words={words}
        heading={options.heading}
        gateway={options.gateway}
        open={open}
        takeFocus={takeFocus}
        onClose={close}
        onLanguage={(language) => void changeLanguage(language)}
      />,
      place,
    );
  }

  /** Several changes in one go are drawn once. */
  function changed(): void {
    if (drawing) return;
    drawing = true;
    queueMicrotask(draw);
  }

  function watch(): void {
    conversation.watch(open && document.visibilityState === "visible");
  }

  function show(focus: boolean): void {
    open = true;
    takeFocus = focus;
    launcher.opened(true);
    watch();
    conversation.remember({ open });
    void conversation.start();
    changed();
  }

  function close(): void {
    if (!open) return;
    open = false;
    conversation.remember({ open });
    watch();
    // Drawn at once, so that the panel is gone when the focus returns to the button.
    draw();
    launcher.opened(false);
  }

  async function changeLanguage(language: Language): Promise<void> {
    words = await Localisation.load(language);
    conversation.remember({ language });
    changed();
  }

  conversation.subscribe(changed);
  addEventListener("online", () => conversation.wake());
  addEventListener("offline", changed);
  document.addEventListener("visibilitychange", () => {
    watch();
    if (document.visibilityState === "visible") conversation.wake();
  });

  if (conversation.resumable) {
    if (conversation.wasOpen && matchMedia(WIDE).matches) show(false);
    else void conversation.start();
  }
  draw();

  return {
    open: show,
    close,
    signIn: (identityToken) => conversation.signIn(identityToken),
    signOut: () => conversation.signOut(),
  };
}
