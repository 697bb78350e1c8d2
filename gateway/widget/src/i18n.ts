/** Words in the shopper's language, and dates and times as that language writes them, in the shopper's own zone. */

import { type Language, LANGUAGES } from "./language";
import type english from "./locales/en.json";

/** English is the reference: a language that lacks one of its keys does not compile. */
export type Words = typeof english;
export type WordKey = keyof Words;

/** The stem of keys that come in plural forms: `unread` for `unread_one` and `unread_other`. */
type PluralStem = { [Key in WordKey]: Key extends `${infer Stem}_other` ? Stem : never }[WordKey];

type Values = Record<string, string | number>;

const LOADERS: Record<Language, () => Promise<{ default: Words }>> = {
  en: () => import("./locales/en.json"),
  zh: () => import("./locales/zh.json"),
};

export class Localisation {
  readonly #plurals: Intl.PluralRules;

  readonly #words: Words;

  constructor(
    readonly language: Language,
    words: Words,
  ) {
    this.#words = words;
    this.#plurals = new Intl.PluralRules(language);
  }

  static async load(language: Language): Promise<Localisation> {
    return new Localisation(language, (await LOADERS[language]()).default);
  }

  get direction(): "ltr" | "rtl" {
    return this.#words.direction === "rtl" ? "rtl" : "ltr";
  }

  /** The tag for `lang` attributes: what script and voice to read the words with. */
  get tag(): string {
    return LANGUAGES[this.language].tag;
  }

  text(key: WordKey, values: Values = {}): string {
    return this.#words[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
  }

  count(stem: PluralStem, count: number): string {
    const form = this.#plurals.select(count) === "one" ? "one" : "other";
    return this.text(`${stem}_${form}` as WordKey, { count: this.number(count) });
  }

  /** The language as the shopper's own region writes it (a clock of 24 hours or twice 12), where the browser says. */
  get #region(): string {
    return navigator.languages.find((tag) => tag.split("-")[0] === this.language) ?? this.tag;
  }

  number(value: number): string {
    return new Intl.NumberFormat(this.#region).format(value);
  }

  /** The time of day of an instant. */
  time(instant: string): string {
    return this.#format(instant, { hour: "numeric", minute: "2-digit" });
  }

  /** The day of an instant: today, yesterday, else the weekday and date. */
  day(instant: string, now = new Date()): string {
    const days = Math.round((startOfDay(now) - startOfDay(new Date(instant))) / 86_400_000);
    if (days === 0) return this.text("today");
    if (days === 1) return this.text("yesterday");
    return this.date(instant, now);
  }

  /** The date of an instant, with the year when it is another one. */
  date(instant: string, now = new Date()): string {
    const otherYear = new Date(instant).getFullYear() !== now.getFullYear();
    return this.#format(instant, {
      weekday: "long",
      day: "numeric",
      month: "long",
      ...(otherYear ? { year: "numeric" } : {}),
    });
  }

  /** Day and time of an instant. */
  moment(instant: string, now = new Date()): string {
    return `${this.day(instant, now)}${this.language === "zh" ? " " : ", "}${this.time(instant)}`;
  }

  /** A calendar day such as 2026-03-12, which is the same day in every zone. */
  calendarDay(day: string, now = new Date()): string {
    return this.date(`${day}T00:00:00`, now);
  }

  #format(instant: string, options: Intl.DateTimeFormatOptions): string {
    const date = new Date(instant);
    return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat(this.#region, options).format(date);
  }
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
