import { describe, expect, it } from "vitest";
import { Localisation } from "../src/i18n";
import { chooseLanguage, type Language, LANGUAGES } from "../src/language";
import english from "../src/locales/en.json";
import chinese from "../src/locales/zh.json";

const files: Record<Language, Record<string, string>> = { en: english, zh: chinese };
const placeholders = (words: string) => [...words.matchAll(/\{\w+\}/g)].map(String).sort();

describe("locale files", () => {
  it.each(Object.keys(LANGUAGES) as Language[])(
    "%s has every word, with the same values in it",
    (language) => {
      expect(Object.keys(files[language]).sort()).toEqual(Object.keys(english).sort());
      for (const [key, words] of Object.entries(files[language])) {
        expect(words.trim(), key).not.toBe("");
        expect(placeholders(words), key).toEqual(placeholders(english[key as keyof typeof english]));
      }
    },
  );
});

describe("the choice of language", () => {
  it.each([
    [["zh-CN"], "zh"],
    [["zh_Hans"], "zh"],
    [[null, "de", "EN-gb"], "en"],
    [["constructor", "fr"], "en"],
    [[], "en"],
    [["", "zh"], "zh"],
  ])("of %j is %j", (wanted, expected) => {
    expect(chooseLanguage(wanted)).toBe(expected);
  });
});

describe("dates and numbers", () => {
  const now = new Date(2026, 2, 12, 15, 0);
  const ago = (days: number) => new Date(2026, 2, 12 - days, 9, 5).toISOString();

  it("are worded in the language", async () => {
    const [en, zh] = await Promise.all([Localisation.load("en"), Localisation.load("zh")]);
    expect([en.day(ago(0), now), en.day(ago(1), now)]).toEqual(["Today", "Yesterday"]);
    expect([zh.day(ago(0), now), zh.day(ago(1), now)]).toEqual(["今天", "昨天"]);
    expect(zh.day(ago(3), now)).toContain("3月9日");
    expect(en.day(ago(3), now)).toContain("March");
    expect(en.date(ago(400), now)).toContain("2025");
    expect(en.calendarDay("2026-03-12", now)).toContain("12");
    expect(en.time("not a time")).toBe("");
    expect([en.count("launcher_unread", 1), en.count("launcher_unread", 2)]).toEqual([
      "Open chat, 1 unread message",
      "Open chat, 2 unread messages",
    ]);
    expect(zh.count("events_earlier", 3)).toBe("查看更早的 3 条物流信息");
  });
});
