/** Who answers in a conversation. */

import type { Localisation } from "../i18n";
import type { Entry } from "../protocol/transcript";
import type { Message } from "../protocol/wire";

/** The agent's last message if a person spoke last on the shop's side, else null: the assistant answers. */
export function agentSpeaking(entries: readonly Entry[]): Message | null {
  const last = entries.findLast(
    ({ message }) => message?.author === "agent" || message?.author === "assistant",
  )?.message;
  return last?.author === "agent" ? last : null;
}

/** The name of whoever answers. */
export function speakerName(entries: readonly Entry[], words: Localisation): string {
  const agent = agentSpeaking(entries);
  return agent ? (agent.author_name ?? words.text("author_agent")) : words.text("author_assistant");
}
