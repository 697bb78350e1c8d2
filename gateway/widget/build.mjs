/**
 * Builds the widget into `dist/`:
 *
 *   shopdesk.js            the loader: a classic script, so that one plain `<script>` tag is all a page needs
 *   chat-<hash>.js         the chat application, an ES module that the loader imports when it is first needed
 *   <language>-<hash>.js   the words of one language
 *   *-<hash>.css           the style sheets as files, for browsers without constructable style sheets
 *   console/console.js     what every page of the agents' console loads: htmx, its server-sent events, the keys
 *   console/island.js      a conversation as agents have it, for the console's page; no shopper is ever sent either
 *
 * Two builds rather than one, because the loader must not be a module (a classic script's relative `import()` does
 * not resolve when the script comes from another origin), so it is told the application's hashed name.
 */

import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build as bundle } from "vite";

const root = dirname(fileURLToPath(import.meta.url));

/** The most that a shopper's browser may be sent, in bytes after gzip: before the chat is opened, and in all. */
export const LIMITS = { loader: 3_072, everything: 25_600 };

const shared = { root, configFile: false, logLevel: "warn", publicDir: false };
const target = "es2022";

/** Minifies the two style sheets; returns the text and hashed file name of each, by name. */
async function buildStyles(outDir) {
  const { output } = await bundle({
    ...shared,
    build: {
      outDir,
      emptyOutDir: true,
      target,
      rollupOptions: {
        input: { chat: join(root, "src/styles/chat.css"), launcher: join(root, "src/styles/launcher.css") },
        output: { assetFileNames: "[name]-[hash][extname]" },
      },
    },
  });
  return Object.fromEntries(
    output
      .filter((file) => file.fileName.endsWith(".css"))
      .map((file) => [
        file.fileName.replace(/-.*/, ""),
        { text: String(file.source).trim(), file: file.fileName },
      ]),
  );
}

async function buildChat(outDir, styles) {
  const { output } = await bundle({
    ...shared,
    base: "./",
    define: { __STYLES__: JSON.stringify(styles.chat) },
    // The words are looked up by key; as named exports they would be there twice.
    json: { namedExports: false },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir,
      emptyOutDir: false,
      target,
      // Vite's preloading helper adds <link> elements to the host page; an import of one small chunk needs none.
      modulePreload: false,
      rollupOptions: {
        input: { chat: join(root, "src/main.tsx") },
        preserveEntrySignatures: "strict",
        output: { format: "es", entryFileNames: "[name]-[hash].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  });
  return output.find((file) => file.isEntry).fileName;
}

async function buildLoader(outDir, styles, chatFile) {
  await bundle({
    ...shared,
    define: { __STYLES__: JSON.stringify(styles.launcher), __CHAT_FILE__: JSON.stringify(chatFile) },
    build: {
      outDir,
      emptyOutDir: false,
      target,
      modulePreload: false,
      rollupOptions: {
        input: { shopdesk: join(root, "src/loader.ts") },
        output: { format: "iife", entryFileNames: "shopdesk.js" },
      },
    },
  });
}

async function buildConsole(outDir) {
  await bundle({
    ...shared,
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: join(outDir, "console"),
      emptyOutDir: true,
      target,
      modulePreload: false,
      rollupOptions: {
        input: {
          console: join(root, "src/console/console.ts"),
          island: join(root, "src/console/island.tsx"),
        },
        output: { format: "es", entryFileNames: "[name].js" },
      },
    },
  });
}

/**
 * Gzipped bytes of every file, of the loader, and of all that one shopper is sent: the loader, the application and the
 * longest language. The style sheets are inside the scripts; their files are read only by browsers without
 * constructable style sheets.
 */
export async function measure(outDir) {
  const files = {};
  for (const name of (await readdir(outDir)).sort()) {
    if (name === "console") continue;
    files[name] = gzipSync(await readFile(join(outDir, name)), { level: 9 }).length;
  }
  const scripts = Object.entries(files).filter(([name]) => name.endsWith(".js"));
  const languages = scripts.filter(([name]) => !/^(shopdesk|chat)\b/.test(name)).map(([, size]) => size);
  const sum = scripts.reduce((total, [, size]) => total + size, 0);
  const everything = sum - languages.reduce((total, size) => total + size, 0) + Math.max(...languages);
  return { files, loader: files["shopdesk.js"], everything };
}

/** Builds into `outDir` and returns the sizes; throws if a limit is exceeded. */
export async function build(outDir = join(root, "dist")) {
  // Without it a build started by a test would be one for development.
  process.env.NODE_ENV = "production";
  const styles = await buildStyles(outDir);
  await removeEmptyScripts(outDir);
  const chatFile = await buildChat(outDir, styles);
  await buildLoader(outDir, styles, chatFile);
  await buildConsole(outDir);
  const sizes = await measure(outDir);
  for (const part of ["loader", "everything"]) {
    if (sizes[part] > LIMITS[part]) {
      throw new Error(
        `The widget is too large: ${part} is ${sizes[part]} bytes gzipped, the limit is ${LIMITS[part]}.`,
      );
    }
  }
  return sizes;
}

/** A style sheet as a build's input leaves an empty script beside it. */
async function removeEmptyScripts(outDir) {
  for (const name of await readdir(outDir)) {
    if (!name.endsWith(".css")) await rm(join(outDir, name), { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, loader, everything } = await build();
  for (const [name, size] of Object.entries(files))
    console.log(`${String(size).padStart(7)} B gzipped  ${name}`);
  console.log(`loader ${loader} of ${LIMITS.loader} B, everything ${everything} of ${LIMITS.everything} B`);
}
