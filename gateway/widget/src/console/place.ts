/** Where the reader of a scrolled list is: at its end, which is followed, or at a line, which is held. */

/** Nearer to the end than this, in CSS pixels, is at the end. */
const NEAR_PX = 24;

export class Place {
  #atEnd = true;
  #line: Element | null = null;
  /** How far the top of the line is below the top of the box. */
  #below = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly list: HTMLElement,
  ) {}

  get atEnd(): boolean {
    return this.#atEnd;
  }

  /** Looks where the reader is: after they have scrolled. */
  look(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.box;
    this.#hold(scrollHeight - scrollTop - clientHeight < NEAR_PX);
  }

  /** The reader is about to open or close something: the lines above it stay where they are, also at the end. */
  stay(): void {
    this.#hold(false);
  }

  /** After lines have come or anything has another size: back to where the reader was. */
  restore(): void {
    if (this.#atEnd) {
      this.box.scrollTop = this.box.scrollHeight;
    } else if (this.#line?.isConnected) {
      this.box.scrollTop += this.#top(this.#line) - this.#below;
      this.look();
    }
  }

  toEnd(): void {
    this.#atEnd = true;
    this.restore();
  }

  #hold(atEnd: boolean): void {
    this.#atEnd = atEnd;
    this.#line = this.#firstSeen();
    this.#below = this.#line ? this.#top(this.#line) : 0;
  }

  #top(line: Element): number {
    return line.getBoundingClientRect().top - this.box.getBoundingClientRect().top;
  }

  /** The first line of which something is seen. */
  #firstSeen(): Element | null {
    const lines = this.list.children;
    let [low, high] = [0, lines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const line = lines[middle] as Element;
      if (this.#top(line) + line.getBoundingClientRect().height > 0) high = middle;
      else low = middle + 1;
    }
    return lines[low] ?? null;
  }
}
