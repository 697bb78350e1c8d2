/** Words that an agent has begun: kept in the browser until they are sent, whatever happens to the page. */

export class Draft {
  constructor(
    private readonly key: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null,
  ) {}

  read(): string {
    try {
      return this.storage?.getItem(this.key) ?? "";
    } catch {
      return "";
    }
  }

  write(words: string): void {
    try {
      if (words) this.storage?.setItem(this.key, words);
      else this.storage?.removeItem(this.key);
    } catch {
      // Storage is full or not allowed: the words are still in the field.
    }
  }
}
