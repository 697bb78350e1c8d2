import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { __STYLES__: JSON.stringify({ text: "", file: "" }), __CHAT_FILE__: JSON.stringify("chat.js") },
  test: { environment: "happy-dom", include: ["tests/**/*.test.{ts,tsx}"], restoreMocks: true },
});
