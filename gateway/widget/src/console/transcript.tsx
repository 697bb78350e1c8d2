/**
 * The transcript. News is put in line by line, so that what is opened, selected or focused stays. Who reads at the end
 * follows; who has scrolled up stays there and is told how much is new.
 */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { LineRow } from "./line";
import type { Line, Merged } from "./lines";
import { Place } from "./place";
import { Reader, type Transcript as Read } from "./reader";
import { fill, type Words } from "./words";

/** What a reader has read so far. */
export function useTranscript(reader: Reader): Read {
  const [read, setRead] = useState(reader.transcript);
  useEffect(() => {
    setRead(reader.transcript);
    return reader.listen(setRead);
  }, [reader]);
  return read;
}

interface TranscriptProps {
  read: Read;
  words: Words;
  /** Grows when the agent has said something: they see it then. */
  said: number;
}

export function Transcript({ read, words, said }: TranscriptProps) {
  const { lines } = read;
  const last = lines.at(-1);
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const place = useRef<Place | null>(null);
  const linked = useRef(/^#m\d+$/.test(location.hash) ? location.hash.slice(1) : null);
  const first = useRef(last?.seq);
  const [seen, setSeen] = useState(last?.seq ?? 0);
  const news = lines.filter(({ seq }) => seq > seen).length;

  function noticed(): void {
    if (place.current?.atEnd) setSeen((before) => Math.max(before, last?.seq ?? 0));
  }

  useLayoutEffect(() => {
    if (!box.current || !list.current) return;
    place.current ??= new Place(box.current, list.current);
    const target = linked.current === null ? null : document.getElementById(linked.current);
    if (target) {
      linked.current = null;
      target.scrollIntoView();
      place.current.look();
    } else {
      place.current.restore();
    }
    noticed();
  }, [lines]);

  useEffect(() => {
    const resized = new ResizeObserver(() => place.current?.restore());
    for (const one of [box.current, list.current]) if (one) resized.observe(one);
    return () => resized.disconnect();
  }, []);

  function toEnd(): void {
    place.current?.toEnd();
    noticed();
  }

  useLayoutEffect(() => {
    if (said > 0) toEnd();
  }, [said]);

  return (
    <div class="log">
      <div
        class="log-box"
        ref={box}
        role="group"
        aria-label={words["messages"]}
        tabIndex={0}
        onScroll={() => {
          place.current?.look();
          noticed();
        }}
        onClickCapture={({ target }) => {
          if ((target as Element).closest("summary")) place.current?.stay();
        }}
      >
        {read.earlier && <p class="hint">{words["desk_earlier"]}</p>}
        <ol class="transcript" ref={list} aria-label={words["messages"]}>
          {lines.map((line) => (
            <LineRow key={line.seq} id={`m${line.seq}`} line={line} words={words} review />
          ))}
        </ol>
      </div>
      {news > 0 && (
        <button
          type="button"
          class="log-news"
          onClick={() => {
            toEnd();
            box.current?.focus();
          }}
        >
          {news === 1 ? words["desk_new_one"] : fill(words, "desk_new_many", { count: news })} ↓
        </button>
      )}
      {read.away && (
        <p class="hint" role="status">
          {words["desk_away"]}
        </p>
      )}
      <p class="hidden" role="status">
        {last && last.seq > (first.current ?? 0) && heard(last, words)}
      </p>
    </div>
  );
}

function heard({ author, content }: Line, words: Words): string {
  return fill(words, "desk_line", { author: words[`author_${author}`] ?? "", words: content.text });
}

/** A conversation that is read in another one, fetched when it is opened. */
export function MergedTranscript({ merged, words }: { merged: Merged; words: Words }) {
  const reader = useRef<Reader | null>(null);
  reader.current ??= new Reader(merged.id);
  const { lines } = useTranscript(reader.current);
  return (
    <details
      class="card"
      onToggle={({ currentTarget }) => {
        if (currentTarget.open) void reader.current?.read();
      }}
    >
      <summary>
        {words["merged_from"]} <span class="hint">{merged.opened_text}</span>
      </summary>
      <ReadOnly lines={lines} words={words} label={words["merged_from"]} />
      <p>
        <a href={`/console/conversations/${encodeURIComponent(merged.id)}`}>{words["show"]}</a>
      </p>
    </details>
  );
}

/** Lines that are only read. */
export function ReadOnly({
  lines,
  words,
  label,
}: {
  lines: readonly Line[];
  words: Words;
  label: string | undefined;
}) {
  return (
    <ol class="transcript" aria-label={label}>
      {lines.map((line) => (
        <LineRow key={line.seq} line={line} words={words} />
      ))}
    </ol>
  );
}
