/** The panel: heading, transcript, composer; its keyboard and focus behaviour. */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Conversation, Snapshot } from "../conversation";
import type { Localisation } from "../i18n";
import { type Language, LANGUAGES } from "../language";
import { Banners } from "./banners";
import { Composer } from "./composer";
import { Icon } from "./icons";
import { Log } from "./log";
import { agentSpeaking } from "./speaker";

export interface PanelProps {
  conversation: Conversation;
  snapshot: Snapshot;
  words: Localisation;
  heading: string | null;
  gateway: string;
  open: boolean;
  takeFocus: boolean;
  onClose: () => void;
  onLanguage: (language: Language) => void;
}

const FULL_SCREEN = "(max-width: 480px)";
const FOCUSABLE = "button:not(:disabled), a[href], textarea, summary, [tabindex='0']";

export function Panel(props: PanelProps) {
  const { conversation, snapshot, words, open, takeFocus } = props;
  const panel = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const composer = useRef<HTMLTextAreaElement>(null);
  const fullScreen = open && matchMedia(FULL_SCREEN).matches;

  useLayoutEffect(() => {
    if (!open || !takeFocus) return;
    // On a touch screen the composer would bring up the keyboard over half of what is to be read.
    const touch = matchMedia("(pointer: coarse)").matches;
    (touch ? heading.current : composer.current)?.focus({ preventScroll: true });
  }, [open]);
  useVisibleHeight(panel, open);

  function onKeyDown(event: KeyboardEvent): void {
    // The page's own shortcuts cannot see that the keys go into a text field in here.
    event.stopPropagation();
    if (event.key === "Escape" && !event.isComposing) props.onClose();
    if (event.key === "Tab" && fullScreen && panel.current) keepFocusIn(panel.current, event);
  }

  return (
    <section
      ref={panel}
      class="panel"
      role="dialog"
      aria-modal={fullScreen ? "true" : undefined}
      aria-labelledby="heading"
      lang={words.tag}
      dir={words.direction}
      hidden={!open}
      onKeyDown={onKeyDown}
      onKeyUp={stop}
      onKeyPress={stop}
    >
      <div class="head">
        <span class="emblem">
          <Icon name="chat" />
        </span>
        <div class="titles">
          <h2 id="heading" ref={heading} tabIndex={-1}>
            {props.heading ?? words.text("heading")}
          </h2>
          <p>{subtitle(snapshot, words)}</p>
        </div>
        {(Object.keys(LANGUAGES) as Language[])
          .filter((language) => language !== words.language)
          .map((language) => (
            <button
              key={language}
              type="button"
              class="head-button language"
              lang={LANGUAGES[language].tag}
              onClick={() => props.onLanguage(language)}
            >
              {LANGUAGES[language].name}
            </button>
          ))}
        <button
          type="button"
          class="head-button"
          aria-label={words.text("save")}
          title={words.text("save")}
          onClick={() => void save(conversation)}
        >
          <Icon name="down" />
        </button>
        <button
          type="button"
          class="head-button"
          aria-label={words.text("close")}
          title={words.text("close")}
          onClick={props.onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      <Banners snapshot={snapshot} words={words} onDismiss={() => conversation.dismissNotice()} />
      <Log
        conversation={conversation}
        snapshot={snapshot}
        words={words}
        gateway={props.gateway}
        open={open}
      />
      <Composer conversation={conversation} words={words} field={composer} />
    </section>
  );
}

/** Hands the conversation to the browser as a file; the mark at its beginning tells old editors how to read Chinese. */
async function save(conversation: Conversation): Promise<void> {
  const text = await conversation.transcript();
  if (text === null) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/plain" }));
  link.download = "chat.txt";
  link.click();
  URL.revokeObjectURL(link.href);
}

function stop(event: Event): void {
  event.stopPropagation();
}

/** Who answers: a person once one has spoken and the assistant has not since, else the assistant. */
function subtitle(snapshot: Snapshot, words: Localisation): string {
  const agent = agentSpeaking(snapshot.entries);
  if (!agent) return words.text("subtitle_assistant");
  return agent.author_name
    ? words.text("subtitle_agent", { name: agent.author_name })
    : words.text("subtitle_agent_unnamed");
}

/** Tab goes round within the panel while it covers the page. */
function keepFocusIn(panel: HTMLElement, event: KeyboardEvent): void {
  const stops = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((element) => element.offsetParent);
  const first = stops[0];
  const last = stops.at(-1);
  const active = (panel.getRootNode() as ShadowRoot).activeElement;
  const leaving = event.shiftKey ? active === first || active?.id === "heading" : active === last;
  if (!leaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

/** An on-screen keyboard covers a part of the page that style sheets do not learn of: tell them what is left. */
function useVisibleHeight(panel: { current: HTMLElement | null }, open: boolean): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    const element = panel.current;
    if (!viewport || !element || !open) return;
    const measure = () => {
      element.style.setProperty("--visible-height", `${viewport.height}px`);
      element.style.setProperty("--visible-top", `${viewport.offsetTop}px`);
    };
    measure();
    viewport.addEventListener("resize", measure);
    viewport.addEventListener("scroll", measure);
    return () => {
      viewport.removeEventListener("resize", measure);
      viewport.removeEventListener("scroll", measure);
    };
  }, [open]);
}
