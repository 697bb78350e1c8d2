import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Line, Lines, type Page } from "../src/console/lines";
import { Reader } from "../src/console/reader";
import { Transcript, useTranscript } from "../src/console/transcript";

const WORDS = {
  messages: "Messages",
  author_shopper: "Shopper",
  desk_new_one: "1 new message",
  desk_new_many: "{count} new messages",
  ranking: "Other guesses",
  show: "Show",
};

function line(seq: number, more: Partial<Line> = {}): Line {
  return {
    seq,
    author: "shopper",
    at: "2026-03-12T10:00:00Z",
    at_text: "12 Mar 2026",
    content: { kind: "text", text: `words ${seq}` },
    reply_to: null,
    delivered: false,
    unsent: null,
    turn: null,
    settled: true,
    ...more,
  };
}

function lines(from: number, to: number): Line[] {
  return Array.from({ length: to - from + 1 }, (_, index) => line(from + index));
}

const numbers = (all: readonly Line[]) => all.map(({ seq }) => seq);

/** The console, with a conversation that grows and a gateway that may be away. */
class Console {
  asked: string[] = [];
  kept: Line[] = [];
  status = 200;
  pageLines = 4;
  /** Called before each answer. */
  meanwhile: () => void = () => undefined;

  send = (async (address: string) => {
    const query = new URL(address, "https://desk.example").searchParams;
    this.asked.push(String(query));
    this.meanwhile();
    if (this.status === 0) throw new TypeError("away");
    if (this.status !== 200) return new Response("{}", { status: this.status });
    return Response.json(this.page(query));
  }) as typeof fetch;

  page(query = new URLSearchParams()): Page {
    const [first, before] = [query.get("first"), query.get("before")];
    const chosen = this.kept.filter(
      ({ seq }) => (first === null || seq >= Number(first)) && (before === null || seq < Number(before)),
    );
    const more = chosen.length > this.pageLines;
    return {
      lines: first === null ? chosen.slice(-this.pageLines) : chosen.slice(0, this.pageLines),
      merged: [],
      earlier: more && first === null,
      later: more && first !== null,
    };
  }

  reader(options: object = {}): Reader {
    return new Reader("c1", { send: this.send, pause: () => Promise.resolve(), ...options });
  }
}

let desk: Console;

beforeEach(() => {
  desk = new Console();
});

describe("lines", () => {
  it("are kept in order and each once, whichever way they come", () => {
    const kept = new Lines();
    for (const some of [lines(5, 7), lines(1, 3), lines(3, 6), [line(4)], lines(5, 7)]) kept.receive(some);
    expect(numbers(kept.all)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("change where something of them has changed, and there alone", () => {
    const kept = new Lines();
    kept.receive(lines(1, 3));
    const before = kept.all;
    kept.receive(lines(1, 3));
    expect(kept.all).toBe(before);
    kept.receive([line(2, { delivered: true }), line(3)]);
    expect(kept.all.map((one, index) => one === before[index])).toEqual([true, false, true]);
    expect(kept.all[1]?.delivered).toBe(true);
  });

  it("are read again from the first that still waits for something, not far back", () => {
    const kept = new Lines();
    expect(kept.open).toBe(1);
    kept.receive(lines(1, 150));
    expect(kept.open).toBe(151);
    kept.receive([line(120, { settled: false }), line(10, { settled: false })]);
    expect(kept.open).toBe(120);
  });
});

describe("the reader", () => {
  it("fetches what is earlier page by page, news first", async () => {
    desk.kept = lines(1, 10);
    const reader = desk.reader({ page: desk.page() });
    desk.kept.push(line(11));
    await reader.read();
    expect(desk.asked).toEqual(["first=11", "before=7", "before=3"]);
    expect(numbers(reader.transcript.lines)).toEqual(numbers(lines(1, 11)));
    expect(reader.transcript.earlier).toBe(false);
  });

  it("begins with the newest lines where none are given", async () => {
    desk.kept = lines(1, 6);
    const reader = desk.reader();
    await reader.complete();
    expect(numbers(reader.transcript.lines)).toEqual(numbers(lines(1, 6)));
  });

  it("misses nothing and doubles nothing when the gateway is away for a while", async () => {
    desk.kept = lines(1, 3);
    const reader = desk.reader({ page: desk.page() });
    let rounds = 0;
    const away: boolean[] = [];
    reader.listen((read) => away.push(read.away));
    desk.meanwhile = () => {
      rounds += 1;
      desk.kept.push(line(3 + rounds));
      desk.status = rounds < 4 ? [0, 502, 0][rounds - 1]! : 200;
    };
    await reader.read();
    desk.meanwhile = () => undefined;
    await reader.read();
    expect(desk.asked.slice(0, 4)).toEqual(["first=4", "first=4", "first=4", "first=4"]);
    expect(numbers(reader.transcript.lines)).toEqual(numbers(desk.kept));
    expect(away.slice(0, 4)).toEqual([true, true, true, false]);
  });

  it("reads on where more has come than fits into one answer", async () => {
    desk.kept = lines(1, 2);
    const reader = desk.reader({ page: desk.page() });
    desk.kept = lines(1, 13);
    await reader.read();
    expect(desk.asked).toEqual(["first=3", "first=7", "first=11"]);
    expect(numbers(reader.transcript.lines)).toEqual(numbers(lines(1, 13)));
  });

  it("hears of news while it reads, with one request at a time", async () => {
    desk.kept = lines(1, 2);
    const reader = desk.reader({ page: desk.page() });
    let further: Promise<void> | undefined;
    desk.meanwhile = () => {
      desk.meanwhile = () => undefined;
      further = reader.read();
    };
    await Promise.all([reader.read(), further]);
    expect(desk.asked).toEqual(["first=3", "first=3"]);
  });

  it("brings a turn's end and a delivery into lines that are there", async () => {
    desk.kept = [line(1), line(2, { settled: false }), line(3, { author: "assistant", settled: false })];
    const reader = desk.reader({ page: desk.page() });
    desk.kept = [line(1), line(2), line(3, { author: "assistant", delivered: true })];
    await reader.read();
    expect(reader.transcript.lines[2]?.delivered).toBe(true);
    await reader.read();
    expect(desk.asked).toEqual(["first=2", "first=4"]);
  });

  it("sends who is signed out to the sign-in page, and asks no more", async () => {
    desk.status = 401;
    const onSignedOut = vi.fn();
    const reader = desk.reader({ page: desk.page(), onSignedOut });
    await reader.read();
    await reader.read();
    expect(onSignedOut).toHaveBeenCalledOnce();
    expect(desk.asked).toHaveLength(1);
  });
});

describe("the transcript", () => {
  let place: HTMLElement;

  beforeEach(() => {
    place = document.createElement("div");
    document.body.append(place);
  });

  afterEach(() => {
    render(null, place);
    place.remove();
  });

  function Shown({ reader }: { reader: Reader }) {
    return <Transcript read={useTranscript(reader)} words={WORDS} said={0} />;
  }

  it("keeps what is opened, and the very elements, when news and earlier lines come", async () => {
    const turn = {
      id: "t",
      seq: 5,
      state: "answered" as const,
      failure: null,
      attempts: 1,
      intent: "greet",
      percent: "97 %",
      understood: true,
      unsure: false,
      entities: [],
      actions: [],
      timings: [],
      ranking: [
        { name: "greet", percent: "97 %" },
        { name: "bye", percent: "2 %" },
      ],
      model: null,
      unsent: [],
    };
    desk.kept = [...lines(1, 4), line(5, { turn })];
    const reader = desk.reader({ page: desk.page() });
    await act(() => render(<Shown reader={reader} />, place));
    const details = place.querySelector("details")!;
    const row = place.querySelector("#m4")!;
    details.open = true;
    desk.kept.push(line(6));
    await act(() => reader.read());
    expect([...place.querySelectorAll(".transcript > li")].map(({ id }) => id)).toEqual(
      [1, 2, 3, 4, 5, 6].map((seq) => `m${seq}`),
    );
    expect(place.querySelector("details")).toBe(details);
    expect(details.open).toBe(true);
    expect(place.querySelector("#m4")).toBe(row);
  });

  it("shows words as words", async () => {
    desk.kept = [line(1, { content: { kind: "text", text: "<img src=x>" } })];
    await act(() => render(<Shown reader={desk.reader({ page: desk.page() })} />, place));
    expect(place.querySelector("img")).toBeNull();
    expect(place.querySelector(".words")?.textContent).toBe("<img src=x>");
  });
});
