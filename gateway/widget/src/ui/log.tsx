/** The transcript: rows in order, days between them, and scrolling that does not pull the reader away. */

import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Conversation, Snapshot } from "../conversation";
import type { Localisation } from "../i18n";
import type { Entry } from "../protocol/transcript";
import type { Author } from "../protocol/wire";
import { Icon } from "./icons";
import { Row } from "./row";
import { speakerName } from "./speaker";

interface LogProps {
  conversation: Conversation;
  snapshot: Snapshot;
  words: Localisation;
  gateway: string;
  open: boolean;
}

/** How far from its end the transcript may be and still count as read to the end, in CSS pixels. */
const NEAR_END = 48;

export function Log({ conversation, snapshot, words, gateway, open }: LogProps) {
  const { entries } = snapshot;
  const view = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const known = useRef(new Set<string>());
  const [behind, setBehind] = useState(false);

  function toEnd(): void {
    if (view.current) view.current.scrollTop = view.current.scrollHeight;
    atEnd.current = true;
    setBehind(false);
  }

  useLayoutEffect(() => {
    if (!open || !view.current) return;
    const fresh = entries.filter(({ key }) => !known.current.has(key));
    const first = known.current.size === 0;
    known.current = new Set(entries.map(({ key }) => key));
    if (first || fresh.some(({ outgoing }) => outgoing)) toEnd();
    else if (atEnd.current && fresh[0]) showFrom(view.current, fresh[0].key);
    else if (atEnd.current) toEnd();
    else if (fresh.length) setBehind(true);
  });

  useEffect(() => {
    if (open) toEnd();
  }, [open]);

  useEffect(() => {
    // Pictures that load and earlier scans that unfold change the height after the row was drawn.
    if (!content.current || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current && view.current) view.current.scrollTop = view.current.scrollHeight;
    });
    observer.observe(content.current);
    return () => observer.disconnect();
  }, []);

  function onScroll(): void {
    const element = view.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    if (atEnd.current) setBehind(false);
  }

  const waitingForFirst = snapshot.phase === "starting" && entries.length === 0;
  return (
    <div class="log-area">
      <div class="view" ref={view} onScroll={onScroll} tabIndex={0} role="group" aria-labelledby="heading">
        <div class="content" ref={content}>
          <p class="disclosure">{words.text("disclosure")}</p>
          <div
            role="log"
            aria-live="polite"
            aria-relevant="additions"
            aria-label={words.text("transcript")}
            aria-busy={snapshot.settled ? undefined : "true"}
          >
            {entries.map((entry, index) => (
              <Fragment key={entry.key}>
                {startsDay(entries, index) && <p class="day">{words.day(instant(entry))}</p>}
                <Row
                  entry={entry}
                  entries={entries}
                  firstOfGroup={!sameGroup(entries, index - 1)}
                  lastOfGroup={!sameGroup(entries, index)}
                  words={words}
                  gateway={gateway}
                  conversation={conversation}
                  onPressed={() => view.current?.focus({ preventScroll: true })}
                />
              </Fragment>
            ))}
          </div>
          {(snapshot.typing || waitingForFirst) && (
            <div class="row assistant" aria-hidden="true">
              <div class="bubble dots">
                <i />
                <i />
                <i />
              </div>
            </div>
          )}
          {snapshot.phase === "failed" && (
            <div class="failure" role="alert">
              <p>{words.text("start_failed")}</p>
              <button type="button" class="choice" onClick={() => void conversation.start()}>
                {words.text("start_again")}
              </button>
            </div>
          )}
        </div>
      </div>
      {behind && (
        <button type="button" class="jump" onClick={toEnd}>
          <Icon name="down" />
          {words.text("new_messages")}
        </button>
      )}
      <p class="unseen" role="status">
        {waitingForFirst && words.text("starting")}
        {snapshot.typing && words.text("typing", { name: speakerName(entries, words) })}
      </p>
    </div>
  );
}

/** Scrolls towards the end, but not past the beginning of the first new row: a long answer is read from its start. */
function showFrom(view: HTMLElement, key: string): void {
  const row = view.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  const end = view.scrollHeight - view.clientHeight;
  view.scrollTop = row ? Math.min(end, row.offsetTop - 12) : end;
}

export function authorOf(entry: Entry): Author {
  return entry.message?.author ?? "shopper";
}

/** When the entry was written. */
export function instant(entry: Entry): string {
  return entry.message?.at ?? entry.outgoing?.at ?? "";
}

function startsDay(entries: readonly Entry[], index: number): boolean {
  const before = entries[index - 1];
  const entry = entries[index];
  if (!entry) return false;
  return !before || new Date(instant(before)).toDateString() !== new Date(instant(entry)).toDateString();
}

/** Whether the entry after `index` goes on in the same voice, within five minutes. */
function sameGroup(entries: readonly Entry[], index: number): boolean {
  const entry = entries[index];
  const next = entries[index + 1];
  if (!entry || !next || authorOf(entry) !== authorOf(next)) return false;
  if (entry.message?.author_name !== next.message?.author_name && entry.message && next.message) return false;
  return Math.abs(Date.parse(instant(next)) - Date.parse(instant(entry))) < 5 * 60_000;
}
