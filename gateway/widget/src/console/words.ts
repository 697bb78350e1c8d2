/** The console's own words by key, in the agent's language, as the page brings them. */

export type Words = Record<string, string>;

/** The words of a key with its values put in. */
export function fill(words: Words, key: string, values: Record<string, string | number>): string {
  return (words[key] ?? "").replace(/\{(\w+)\}/g, (given, name: string) => String(values[name] ?? given));
}
