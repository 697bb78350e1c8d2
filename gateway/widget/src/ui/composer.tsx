/** Where the shopper writes. */

import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import type { Conversation } from "../conversation";
import type { Localisation } from "../i18n";
import { Icon } from "./icons";

/** What the gateway takes; telephones turn their own formats into one of these. */
export const PICTURES = "image/jpeg,image/png,image/webp,image/gif";

/** The most characters that the gateway takes, counted as it counts them (an emoji is one). */
export const MOST_CHARACTERS = 4000;
const COUNT_FROM = MOST_CHARACTERS - 300;

interface ComposerProps {
  conversation: Conversation;
  words: Localisation;
  field: RefObject<HTMLTextAreaElement | null>;
}

/**
 * Whether a key press means "send". While an input method is composing (Chinese typed as pinyin), Enter picks the
 * word; some browsers report that only by the old key code 229.
 */
export function sends(event: Pick<KeyboardEvent, "key" | "shiftKey" | "isComposing" | "keyCode">): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

export function Composer({ conversation, words, field }: ComposerProps) {
  const [text, setText] = useState("");
  const left = MOST_CHARACTERS - [...text].length;
  const ready = text.trim() !== "" && left >= 0;

  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    if (element.scrollHeight) element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  function send(): void {
    if (!ready) return;
    conversation.say(text);
    setText("");
    field.current?.focus();
  }

  function show(files: FileList | null | undefined): boolean {
    const pictures = [...(files ?? [])].filter(({ type }) => PICTURES.includes(type || "-"));
    for (const picture of pictures) void conversation.show(picture, words.text("picture"));
    return pictures.length > 0;
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          value={text}
          aria-label={words.text("composer_label")}
          aria-describedby="hint limit"
          aria-invalid={left < 0 ? "true" : undefined}
          placeholder={words.text("composer_placeholder")}
          enterkeyhint="send"
          onPaste={(event) => {
            if (show(event.clipboardData?.files)) event.preventDefault();
          }}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!sends(event)) return;
            event.preventDefault();
            send();
          }}
        />
        <label class="attach" title={words.text("picture_send")}>
          <input
            type="file"
            class="unseen"
            accept={PICTURES}
            multiple
            aria-label={words.text("picture_send")}
            onChange={({ currentTarget }) => {
              show(currentTarget.files);
              currentTarget.value = "";
            }}
          />
          <Icon name="image" />
        </label>
        <button
          type="submit"
          class="send"
          aria-label={words.text("send")}
          title={words.text("send")}
          aria-disabled={ready ? undefined : "true"}
        >
          <Icon name="send" />
        </button>
      </div>
      <p id="hint" class="unseen">
        {words.text("composer_hint")}
      </p>
      <div class="below">
        <button type="button" class="person" onClick={() => conversation.say(words.text("person_message"))}>
          <Icon name="person" />
          {words.text("person")}
        </button>
        <p id="limit" class={left < 0 ? "limit over" : "limit"} role="status">
          {left < 0
            ? words.count("characters_over", -left)
            : text.length > COUNT_FROM && words.count("characters_left", left)}
        </p>
      </div>
    </form>
  );
}
