/** Replies that may fit: one is put into the composer, where the agent changes and sends it. */

import { useEffect, useState } from "preact/hooks";
import type { LeaseRoutes, SuggestedReply } from "./lease";

const PAUSE_MS = 250;

interface SuggestionsProps {
  routes: LeaseRoutes;
  words: Record<string, string>;
  /** Grows when something was said: what fits may have changed. */
  news: number;
  onPick: (text: string) => void;
}

export function Suggestions({ routes, words, news, onPick }: SuggestionsProps) {
  const [asked, setAsked] = useState("");
  const [found, setFound] = useState<SuggestedReply[] | null>(null);

  useEffect(() => {
    let current = true;
    const timer = setTimeout(
      () => void routes.replies(asked).then((replies) => current && setFound(replies)),
      asked ? PAUSE_MS : 0,
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [asked, news]);

  return (
    <details class="desk-back">
      <summary>{words["desk_suggested"]}</summary>
      <label class="hidden" for="desk-suggested-search">
        {words["desk_suggested_search"]}
      </label>
      <input
        id="desk-suggested-search"
        type="search"
        maxLength={200}
        placeholder={words["desk_suggested_search"]}
        value={asked}
        onInput={(event) => setAsked(event.currentTarget.value)}
      />
      {found?.length === 0 && <p class="hint">{words["desk_suggested_none"]}</p>}
      <ul class="suggested">
        {found?.map((reply) => (
          <li key={`${reply.source}:${reply.title}`}>
            <button type="button" onClick={() => onPick(reply.text)}>
              {reply.title && <strong>{reply.title} </strong>}
              <span class="hint">{words[`desk_source_${reply.source}`]}</span>
              <br />
              {reply.text}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
