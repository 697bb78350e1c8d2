/** One message: who says it, its words and card, when, and how its delivery stands. */

import { useState } from "preact/hooks";
import { type Conversation, pressedLabel } from "../conversation";
import type { Localisation, WordKey } from "../i18n";
import { linkPieces } from "../links";
import type { Entry, Outgoing } from "../protocol/transcript";
import type { Author, Button, Content, Message } from "../protocol/wire";
import { Card, saysAll } from "./cards";
import { authorOf, instant } from "./log";

interface RowProps {
  entry: Entry;
  entries: readonly Entry[];
  firstOfGroup: boolean;
  lastOfGroup: boolean;
  words: Localisation;
  gateway: string;
  conversation: Conversation;
  onPressed: () => void;
}

export function Row({ entry, entries, words, gateway, conversation, ...row }: RowProps) {
  const author = authorOf(entry);
  const { message, outgoing } = entry;
  const text = message?.content.text ?? outgoing?.label ?? "";
  const named = row.firstOfGroup && (author === "assistant" || author === "agent");
  return (
    <div class={`row ${author}${row.firstOfGroup ? " first" : ""}`} data-key={entry.key}>
      <p class={named ? "author" : "unseen"}>{authorName(author, message, words)}</p>
      {text && (!message || author === "system" || !saysAll(message.content)) && (
        <div class="bubble">
          <Text text={text} links={author !== "shopper"} />
        </div>
      )}
      {message && (
        <>
          <Card content={message.content} words={words} gateway={gateway} conversation={conversation} />
          <Choices
            message={message}
            pressed={pressedLabel(message, entries)}
            words={words}
            onPress={(button) => {
              conversation.press(button.id, button.label, message.seq);
              row.onPressed();
            }}
          />
        </>
      )}
      {outgoing && <Delivery outgoing={outgoing} words={words} conversation={conversation} />}
      {row.lastOfGroup && message && author !== "system" && (
        <time class="time" dateTime={instant(entry)} title={words.moment(instant(entry))}>
          {words.time(instant(entry))}
        </time>
      )}
    </div>
  );
}

function authorName(author: Author, message: Message | null, words: Localisation): string {
  return (author === "agent" && message?.author_name) || words.text(`author_${author}`);
}

function Text({ text, links }: { text: string; links: boolean }) {
  if (!links) return <>{text}</>;
  return (
    <>
      {linkPieces(text, document.baseURI).map((piece) =>
        piece.href ? (
          <a href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </>
  );
}

interface ChoicesProps {
  message: Message;
  pressed: string | null;
  words: Localisation;
  onPress: (button: Button) => void;
}

function Choices({ message, pressed, words, onPress }: ChoicesProps) {
  const buttons = buttonsOf(message.content);
  const [expired, setExpired] = useState(() => isExpired(message.content));
  if (!buttons.length) return null;
  return (
    <div class="choices">
      {buttons.map((button) => (
        <button
          key={button.id}
          type="button"
          class={pressed === button.label ? "choice chosen" : "choice"}
          disabled={pressed !== null || expired}
          onClick={() => {
            // The proposal may have run out while it was looked at.
            if (isExpired(message.content)) setExpired(true);
            else onPress(button);
          }}
        >
          {button.label}
          {pressed === button.label && <span class="unseen"> ({words.text("chosen")})</span>}
        </button>
      ))}
    </div>
  );
}

function buttonsOf(content: Content): readonly Button[] {
  return "buttons" in content && Array.isArray(content.buttons) ? content.buttons : [];
}

function isExpired(content: Content): boolean {
  return content.kind === "proposal" && Date.parse(content.expires_at) <= Date.now();
}

interface DeliveryProps {
  outgoing: Outgoing;
  words: Localisation;
  conversation: Conversation;
}

function Delivery({ outgoing, words, conversation }: DeliveryProps) {
  const { state, clientId, problem } = outgoing;
  if (state !== "failed") {
    const key: WordKey =
      state === "waiting" ? (navigator.onLine ? "state_queued" : "state_waiting") : `state_${state}`;
    return <p class="delivery">{words.text(key)}</p>;
  }
  return (
    <div class="delivery failed" role="alert">
      <p>
        <b>{words.text("state_failed")}</b> {problem && words.text(problem as WordKey)}
      </p>
      <button type="button" class="link-button" onClick={() => conversation.retry(clientId)}>
        {words.text("retry")}
      </button>
      <button type="button" class="link-button" onClick={() => conversation.discard(clientId)}>
        {words.text("discard")}
      </button>
    </div>
  );
}
