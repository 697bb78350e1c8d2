/** What is to be said about the conversation itself: no connection, or a notice. */

import type { Snapshot } from "../conversation";
import type { Localisation } from "../i18n";
import { Icon } from "./icons";

interface BannersProps {
  snapshot: Snapshot;
  words: Localisation;
  onDismiss: () => void;
}

export function Banners({ snapshot, words, onDismiss }: BannersProps) {
  const connection =
    snapshot.link === "offline"
      ? words.text("offline")
      : snapshot.phase === "ready" && snapshot.link === "down"
        ? words.text("reconnecting")
        : null;
  return (
    <div class="banners" role="status">
      {connection && <p class="banner warn">{connection}</p>}
      {snapshot.notice && (
        <p class="banner">
          <span>{words.text(snapshot.notice)}</span>
          <button
            type="button"
            class="small-button"
            aria-label={words.text("notice_dismiss")}
            title={words.text("notice_dismiss")}
            onClick={onDismiss}
          >
            <Icon name="close" />
          </button>
        </p>
      )}
    </div>
  );
}
