/** What the loader tells the chat application, and what each may ask of the other. */

import type { Language } from "./language";
import type { Lifetime } from "./protocol/session-store";
import type { PageHint } from "./protocol/wire";

export interface WidgetOptions {
  /** The gateway's address, with a trailing slash. */
  gateway: string;
  /** The directory of the widget's own files, with a trailing slash. */
  files: string;
  /** The language to begin with; see `language.ts`. */
  language: Language;
  identityToken: string | null;
  page: PageHint | null;
  /** The name over the conversation; null for the language's own words. */
  heading: string | null;
  lifetime: Lifetime;
}

/** The button in the corner, as the application sees it. */
export interface Launcher {
  /** Shows how many messages wait, with the button's words for assistive technology. */
  badge(unread: number, label: string): void;
  /** The panel has been opened or closed. */
  opened(open: boolean): void;
}

export interface Chat {
  /** Shows the panel. `focus` moves the keyboard into it, which a page that only restores it must not do. */
  open(focus: boolean): void;
  close(): void;
  signIn(identityToken: string): void;
  signOut(): void;
}
