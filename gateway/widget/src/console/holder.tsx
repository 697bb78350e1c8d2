/** Who holds the conversation, which the page's stream tells (`desk:standing`), and where its holder writes. */

import { useEffect, useRef, useState } from "preact/hooks";
import { PICTURES, sends } from "../ui/composer";
import type { Draft } from "./draft";
import type { LeaseRoutes, Outcome, Standing } from "./lease";
import { Suggestions } from "./suggestions";
import { fill, type Words } from "./words";

const TYPING_EVERY_MS = 3_000;

export interface HolderProps {
  routes: LeaseRoutes;
  draft: Draft;
  words: Words;
  mayWrite: boolean;
  renewMs: number;
  initial: Standing;
  colleagues: { name: string; words: string }[];
  /** Something was done that the whole page shows. */
  onNews: () => void;
  /** Something was said to the shopper. */
  onSaid: () => void;
}

export function Holder(props: HolderProps) {
  const { routes, draft, words, mayWrite, renewMs, initial, colleagues, onNews, onSaid } = props;
  const [standing, setStanding] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);
  const [text, setText] = useState(draft.read());
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [news, setNews] = useState(0);
  const [colleague, setColleague] = useState(colleagues[0]?.name ?? "");
  const [picture, setPicture] = useState<{ id: string; file: File } | null>(null);
  const pending = useRef<{ id: string; text: string } | null>(null);
  const typedAt = useRef(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const { mine, fencing_number: fencing } = standing;

  useEffect(() => {
    const heard = (event: Event) => {
      const now = JSON.parse((event as CustomEvent<{ data: string }>).detail.data) as Standing;
      setStanding(now);
      setNews((count) => count + 1);
    };
    document.addEventListener("desk:standing", heard);
    return () => document.removeEventListener("desk:standing", heard);
  }, []);

  useEffect(() => {
    if (!mine) return;
    const timer = setInterval(() => void routes.renew(fencing).then(report), renewMs);
    return () => clearInterval(timer);
  }, [mine, fencing]);

  /** Says what went wrong, if anything did; returns whether all is well. */
  function report(outcome: Outcome<unknown>): boolean {
    setProblem(outcome.ok ? null : (words[`desk_${outcome.why}`] ?? null));
    if (!outcome.ok && outcome.why === "lost") setStanding((now) => ({ ...now, mine: false }));
    return outcome.ok;
  }

  async function take(): Promise<void> {
    setBusy(true);
    const outcome = await routes.take();
    setBusy(false);
    if (report(outcome) && outcome.ok) {
      setStanding({ state: "agent", holder: null, mine: true, fencing_number: outcome.value.fencing_number });
      onNews();
      field.current?.focus();
    }
  }

  async function send(): Promise<void> {
    const said = text.trim();
    if ((!said && !picture) || busy) return;
    setBusy(true);
    const sent = (await sendPicture()) && (!said || (await sendWords(said)));
    setBusy(false);
    if (!sent) return;
    onSaid();
    onNews();
    field.current?.focus();
  }

  async function sendPicture(): Promise<boolean> {
    if (!picture) return true;
    if (!report(await routes.show(fencing, picture.id, picture.file))) return false;
    setPicture(null);
    return true;
  }

  async function sendWords(said: string): Promise<boolean> {
    // The same words again after a failure are the same message: the gateway may have stored them.
    if (pending.current?.text !== said) pending.current = { id: crypto.randomUUID(), text: said };
    if (!report(await routes.say(fencing, pending.current.id, said))) return false;
    pending.current = null;
    change("");
    return true;
  }

  /** Takes the first picture among the files; it goes out with the next "send". Whether there was one. */
  function choose(files: FileList | null | undefined): boolean {
    const file = [...(files ?? [])].find(({ type }) => PICTURES.includes(type || "-"));
    if (file) setPicture({ id: crypto.randomUUID(), file });
    return file !== undefined;
  }

  async function giveBack(outcome: "handed_back" | "resolved" | "queue" | "transfer"): Promise<void> {
    setBusy(true);
    const done =
      outcome === "queue"
        ? await routes.toQueue(fencing)
        : outcome === "transfer"
          ? await routes.transfer(fencing, colleague)
          : await routes.handBack(fencing, outcome, note);
    setBusy(false);
    if (report(done)) {
      setNote("");
      onNews();
    }
  }

  function change(words: string): void {
    setText(words);
    draft.write(words);
    const now = Date.now();
    if (words && mine && now - typedAt.current > TYPING_EVERY_MS) {
      typedAt.current = now;
      void routes.typing(fencing);
    }
  }

  return (
    <section class="desk card" aria-label={words["desk"]}>
      <p class="desk-standing" role="status">
        {mine ? words["desk_mine"] : standingInWords(standing, words)}
      </p>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {mayWrite && !mine && standing.state !== "agent" && (
        <button type="button" data-key="t" disabled={busy} onClick={() => void take()}>
          {words["desk_take"]}
        </button>
      )}
      {mine && (
        <>
          <form
            class="desk-composer"
            onSubmit={(event) => {
              event.preventDefault();
              void send();
            }}
          >
            <label for="desk-text">{words["desk_reply"]}</label>
            <textarea
              id="desk-text"
              data-key="r"
              ref={field}
              rows={2}
              maxLength={4000}
              value={text}
              aria-describedby="desk-keys"
              onInput={(event) => change(event.currentTarget.value)}
              onPaste={(event) => {
                if (choose(event.clipboardData?.files)) event.preventDefault();
              }}
              onKeyDown={(event) => {
                if (!sends(event)) return;
                event.preventDefault();
                void send();
              }}
            />
            <p id="desk-keys" class="hint">
              {words["desk_keys"]}
            </p>
            <div class="desk-buttons">
              <button type="submit" disabled={busy || !(text.trim() || picture)}>
                {words["desk_send"]}
              </button>
              <div class="picture">
                <label for="desk-picture">{words["desk_picture_label"]}</label>
                <input
                  id="desk-picture"
                  type="file"
                  accept={PICTURES}
                  onChange={({ currentTarget }) => {
                    choose(currentTarget.files);
                    currentTarget.value = "";
                  }}
                />
                {picture && (
                  <p role="status">
                    {fill(words, "desk_picture_ready", { name: picture.file.name })}{" "}
                    <button type="button" class="quiet" onClick={() => setPicture(null)}>
                      {words["desk_picture_remove"]}
                    </button>
                  </p>
                )}
              </div>
            </div>
          </form>
          <Suggestions
            routes={routes}
            words={words}
            news={news}
            onPick={(reply) => {
              change(text.trim() ? `${text.trimEnd()}\n${reply}` : reply);
              field.current?.focus();
            }}
          />
          <details class="desk-back">
            <summary>{words["desk_finish"]}</summary>
            <label for="desk-note">{words["desk_note"]}</label>
            <textarea
              id="desk-note"
              rows={2}
              maxLength={2000}
              value={note}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
            <div class="desk-buttons">
              <button type="button" disabled={busy} onClick={() => void giveBack("resolved")}>
                {words["desk_resolved"]}
              </button>
              <button type="button" disabled={busy} onClick={() => void giveBack("handed_back")}>
                {words["desk_hand_back"]}
              </button>
              <button type="button" class="quiet" disabled={busy} onClick={() => void giveBack("queue")}>
                {words["desk_to_queue"]}
              </button>
            </div>
            {colleagues.length > 0 && (
              <div class="desk-buttons">
                <label for="desk-colleague">{words["desk_transfer"]}</label>
                <select
                  id="desk-colleague"
                  value={colleague}
                  onChange={(event) => setColleague(event.currentTarget.value)}
                >
                  {colleagues.map((one) => (
                    <option key={one.name} value={one.name}>
                      {one.words}
                    </option>
                  ))}
                </select>
                <button type="button" disabled={busy} onClick={() => void giveBack("transfer")}>
                  {words["desk_transfer_go"]}
                </button>
              </div>
            )}
          </details>
        </>
      )}
    </section>
  );
}

function standingInWords(standing: Standing, words: Words): string {
  if (standing.state !== "agent") return words[`desk_${standing.state}`] ?? "";
  return fill(words, "desk_held", { name: standing.holder ?? "" });
}
