/**
 * The console's island: a conversation's transcript and, below it, who holds the conversation and where its holder
 * writes. The page's stream says when there is news (gateway/console/live.py); the lines are read from the console.
 */

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Draft } from "./draft";
import { Holder, type HolderProps } from "./holder";
import { LeaseRoutes, type Standing } from "./lease";
import type { Line, Page } from "./lines";
import { Reader } from "./reader";
import { MergedTranscript, ReadOnly, Transcript, useTranscript } from "./transcript";
import type { Words } from "./words";

/** What no news tells, such as a delivery while the stream is away, is looked for as often as this. */
const LOOK_EVERY_MS = 60_000;

/** The page's stream said that something changed; was connected, so that something may have been missed; was lost. */
const NEWS = ["desk:changed", "htmx:sse:after:connection", "htmx:sse:error"];

function Island({ reader, ...holder }: Omit<HolderProps, "onSaid"> & { reader: Reader }) {
  const read = useTranscript(reader);
  const [said, setSaid] = useState(0);
  const { words } = holder;

  useEffect(() => {
    const look = () => void reader.read();
    const timer = setInterval(() => document.hidden || look(), LOOK_EVERY_MS);
    for (const name of NEWS) document.addEventListener(name, look);
    void reader.complete();
    return () => {
      clearInterval(timer);
      for (const name of NEWS) document.removeEventListener(name, look);
    };
  }, [reader]);

  return (
    <>
      {read.merged.map((merged) => (
        <MergedTranscript key={merged.id} merged={merged} words={words} />
      ))}
      <Transcript read={read} words={words} said={said} />
      <Holder {...holder} onSaid={() => setSaid((count) => count + 1)} />
    </>
  );
}

/** Draws the island where the page has room for one, and a transcript where it has lines. */
export function start(page: Document): void {
  const place = page.getElementById("desk");
  const lines = page.getElementById("said");
  if (place) render(island(page, place.dataset), emptied(place));
  if (lines) {
    const { label, ...given } = lines.dataset;
    render(
      <ReadOnly
        lines={parsed<Line[]>(given["lines"], [])}
        words={parsed<Words>(given["words"], {})}
        label={label}
      />,
      emptied(lines),
    );
  }
}

function island(page: Document, given: DOMStringMap) {
  const conversation = given["conversation"] ?? "";
  let storage: Storage | null = null;
  try {
    storage = page.defaultView?.localStorage ?? null;
  } catch {
    // Storage is not allowed here: a draft lives as long as the page.
  }
  const reader = new Reader(conversation, {
    page: parsed<Page | undefined>(given["transcript"], undefined),
    onSignedOut: () => page.dispatchEvent(new Event("desk:signed-out")),
  });
  return (
    <Island
      reader={reader}
      routes={new LeaseRoutes(conversation, given["form"] ?? "")}
      draft={new Draft(`shopdesk-draft:${conversation}`, storage)}
      words={parsed<Words>(given["words"], {})}
      mayWrite={given["mayWrite"] === "true"}
      renewMs={(Number(given["leaseSeconds"]) * 1000) / 3}
      colleagues={parsed<HolderProps["colleagues"]>(given["colleagues"], [])}
      initial={{
        state: given["state"] as Standing["state"],
        holder: given["holder"] || null,
        mine: given["mine"] === "true",
        fencing_number: Number(given["fencing"]),
      }}
      onNews={() => page.dispatchEvent(new Event("desk:changed"))}
    />
  );
}

function parsed<T>(given: string | undefined, otherwise: T): T {
  return given === undefined ? otherwise : (JSON.parse(given) as T);
}

/** What stands there for who has no scripts goes. */
function emptied(place: HTMLElement): HTMLElement {
  place.replaceChildren();
  return place;
}

start(document);
