/** Which languages the widget speaks. A language is a file in `locales/`; adding one is adding a line here. */

/** By code: what the language calls itself, and the tag that says which script and voice to read it with. */
export const LANGUAGES = {
  en: { name: "English", tag: "en" },
  zh: { name: "中文", tag: "zh-CN" },
} as const;

export type Language = keyof typeof LANGUAGES;

/** The first of the wanted languages (`zh-CN`, `en_GB` …) that the widget has, else English. */
export function chooseLanguage(wanted: readonly (string | null | undefined)[]): Language {
  for (const tag of wanted) {
    const primary = tag?.trim().toLowerCase().split(/[-_]/)[0] ?? "";
    if (Object.hasOwn(LANGUAGES, primary)) return primary as Language;
  }
  return "en";
}
