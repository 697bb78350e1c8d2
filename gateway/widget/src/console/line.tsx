/** One message as agents see it, and beside it what the assistant understood and did. */

import { Said } from "./content";
import type { Line, Turn } from "./lines";
import type { Words } from "./words";

interface LineProps {
  line: Line;
  words: Words;
  /** By which its place on the page is linked. */
  id?: string | undefined;
  /** Whether to offer the page on which one says what went wrong. */
  review?: boolean | undefined;
}

export function LineRow({ line, words, id, review = false }: LineProps) {
  return (
    <li class={`line ${line.author}`} id={id}>
      <article class="bubble">
        <header>
          <strong>{words[`author_${line.author}`]}</strong> <time dateTime={line.at}>{line.at_text}</time>{" "}
          <span class="hint">
            #{line.seq}
            {line.reply_to !== null && ` → #${line.reply_to}`}
            {line.delivered && ` · ${words["delivered"]}`}
          </span>
        </header>
        <Said content={line.content} words={words} />
        {line.unsent && (
          <p class={line.unsent.kind === "failed" ? "tag strong" : "tag warn"}>
            {words[`unsent_${line.unsent.kind}`]} {line.unsent.why}
          </p>
        )}
      </article>
      {line.turn && <Understood turn={line.turn} words={words} review={review} />}
    </li>
  );
}

function Understood({ turn, words, review }: { turn: Turn; words: Words; review: boolean }) {
  return (
    <aside class="understood" aria-label={`${words["understood"]} #${turn.seq}`}>
      <dl>
        <div>
          <dt>{words["intent"]}</dt>
          <dd>
            {turn.understood ? (
              <>
                <code>{turn.intent ?? words["no_intent"]}</code>{" "}
                <span class={turn.unsure ? "tag warn" : "tag"}>{turn.percent}</span>
              </>
            ) : (
              "–"
            )}
          </dd>
        </div>
        {turn.state !== "answered" && (
          <div>
            <dt>{words["turn_state"]}</dt>
            <dd>
              <span class="tag warn">{words[`turn_${turn.state}`]}</span>{" "}
              {turn.failure && (
                <span class="hint">
                  {words[`failure_${turn.failure}`]}, {words["attempts"]} {turn.attempts}
                </span>
              )}
            </dd>
          </div>
        )}
        {turn.entities.length > 0 && (
          <div>
            <dt>{words["entities"]}</dt>
            <dd>
              <ul class="plain">
                {turn.entities.map(({ name, value }, index) => (
                  <li key={index}>
                    <code>{name}</code> {value}
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
        {turn.actions.length > 0 && (
          <div>
            <dt>{words["actions"]}</dt>
            <dd>
              <ol class="plain">
                {turn.actions.map(({ name, percent }, index) => (
                  <li key={index}>
                    <code>{name}</code> {percent !== null && <span class="hint">{percent}</span>}
                  </li>
                ))}
              </ol>
            </dd>
          </div>
        )}
        {turn.timings.length > 0 && (
          <div>
            <dt>{words["timings"]}</dt>
            <dd>
              {turn.timings
                .map(({ name, value }) => `${words[`timing_${name}`] ?? name} ${value}`)
                .join(" · ")}
            </dd>
          </div>
        )}
        {turn.ranking.length > 1 && (
          <div>
            <dt>{words["ranking"]}</dt>
            <dd>
              <details>
                <summary>{words["show"]}</summary>
                <ol class="plain">
                  {turn.ranking.map(({ name, percent }) => (
                    <li key={name}>
                      <code>{name}</code> {percent}
                    </li>
                  ))}
                </ol>
              </details>
            </dd>
          </div>
        )}
        {turn.model && (
          <div>
            <dt>{words["model"]}</dt>
            <dd>
              <code>{turn.model}</code>
            </dd>
          </div>
        )}
      </dl>
      {review && turn.state !== "waiting" && (
        <p>
          <a href={`/console/review/turns/${encodeURIComponent(turn.id)}`}>{words["review_this"]}</a>
        </p>
      )}
      {turn.unsent.length > 0 && (
        <details>
          <summary>{words["unsent"]}</summary>
          {turn.unsent.map((content, index) => (
            <div class="unsent" key={index}>
              <Said content={content} words={words} />
            </div>
          ))}
        </details>
      )}
    </aside>
  );
}
