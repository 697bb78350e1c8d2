import { describe, expect, it } from "vitest";
import { cardAddress, linkPieces } from "../src/links";

describe("links in words", () => {
  const linked = (text: string) =>
    linkPieces(text)
      .filter(({ href }) => href)
      .map(({ text: address }) => address);

  it.each([
    ["see https://shop.example/help.", ["https://shop.example/help"]],
    ["(https://shop.example/a_(b))", ["https://shop.example/a_(b)"]],
    ["详情见https://shop.example/退货，谢谢", ["https://shop.example/退货"]],
    ["https://a.example, https://b.example!", ["https://a.example", "https://b.example"]],
    ["http://shop.example javascript:alert(1) data:text/html,x", []],
    ["http://127.0.0.1:8080/documents/x", []],
    ["https://bank.example@evil.example/login", []],
    ["https://", []],
  ])("finds in %j only %j", (text, expected) => {
    expect(linked(text)).toEqual(expected);
  });

  it("follows http from this machine to this machine only", () => {
    const followed = (text: string, base: string) => linkPieces(text, base).filter(({ href }) => href).length;
    const receipt = "http://127.0.0.1:8080/documents/doc_x";
    expect(followed(receipt, "http://localhost:8080/")).toBe(1);
    expect(followed(receipt, "https://shop.example/")).toBe(0);
    expect(followed("http://shop.example/x", "http://127.0.0.1:8080/")).toBe(0);
  });

  it("loses no character", () => {
    for (const text of [
      "",
      "no links",
      "a https://x.example/?q=1&b=%20 b",
      "https://x.example\nhttps://y.example).",
    ]) {
      expect(
        linkPieces(text)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
    }
  });
});

describe("addresses on cards", () => {
  it.each([
    ["/img/a.png", "http://127.0.0.1:8080/", "http://127.0.0.1:8080/img/a.png"],
    ["https://cdn.example/a.png", "http://127.0.0.1:8080/", "https://cdn.example/a.png"],
    ["http://elsewhere.example/a.png", "https://shop.example/", null],
    ["javascript:alert(1)", "https://shop.example/", null],
    ["data:image/svg+xml,<svg/>", "https://shop.example/", null],
    ["//evil.example/a", "https://shop.example/", "https://evil.example/a"],
    [null, "https://shop.example/", null],
  ])("%j on %j is %j", (address, base, expected) => {
    expect(cardAddress(address, base)).toBe(expected);
  });
});
