// @vitest-environment node
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, LIMITS } from "../build.mjs";

let outDir: string;
let sizes: { loader: number; everything: number };

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), "shopdesk-widget-"));
  sizes = await build(outDir);
}, 60_000);

afterAll(() => rm(outDir, { recursive: true }));

describe("the built widget", () => {
  it("is small enough before it is opened, and in all", () => {
    expect(sizes.loader).toBeLessThanOrEqual(LIMITS.loader);
    expect(sizes.everything).toBeLessThanOrEqual(LIMITS.everything);
  });

  it("has a loader under a stable name that needs no module, and hashed names for all else", async () => {
    const names = await readdir(outDir);
    expect(names).toContain("shopdesk.js");
    // The agents' page asks for its script by name; no shopper is sent it.
    expect(await readdir(join(outDir, "console"))).toEqual(["console.js", "island.js"]);
    for (const name of names.filter((other) => other !== "shopdesk.js" && other !== "console"))
      expect(name).toMatch(/-[\w-]{8}\.(js|css)$/);
    const loader = await readFile(join(outDir, "shopdesk.js"), "utf8");
    expect(loader).not.toMatch(/^\s*(import|export)\b/m);
    expect(loader).toContain(names.find((name) => /^chat-.*\.js$/.test(name)));
  });

  it("names no other host and evaluates no text", async () => {
    for (const name of await readdir(outDir, { recursive: true })) {
      if (name === "console") continue;
      const text = await readFile(join(outDir, name), "utf8");
      const hosts = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(String);
      expect(hosts.filter((host) => host !== "http://www.w3.org")).toEqual([]);
      expect(text).not.toMatch(/\beval\(|new Function\(|document\.write/);
    }
  });
});

describe("the source", () => {
  it("puts no markup into the page and no styles into attributes", async () => {
    const root = join(import.meta.dirname, "../src");
    for (const name of await readdir(root, { recursive: true })) {
      if (!/\.tsx?$/.test(name)) continue;
      const text = await readFile(join(root, name), "utf8");
      expect(text, name).not.toMatch(/innerHTML|insertAdjacentHTML|outerHTML|setAttribute\("style"|style=/);
    }
  });
});
