/**
 * Whoever says that they are there is given who waits, as long as a page of theirs is seen. In the inbox the given
 * conversation opens at once; elsewhere it is announced, so that nothing that somebody is doing is torn away.
 */

const KEY = "shopdesk-available";
const EVERY_MS = 3_000;

/** Brings the button of the page's head to life, where the agent's role has one. */
export function offer(page: Document): void {
  const button = page.querySelector<HTMLButtonElement>("button#available");
  const announced = page.getElementById("given");
  const form = page.querySelector<HTMLInputElement>(".bar-end input[name=csrf]");
  if (button && announced && form) start(page, button, announced, form.value);
}

function start(page: Document, button: HTMLButtonElement, announced: HTMLElement, form: string): void {
  let storage: Storage | null = null;
  try {
    storage = page.defaultView?.localStorage ?? null;
  } catch {
    // Storage is not allowed here: it holds for this page.
  }
  let there = storage?.getItem(KEY) === "yes";
  let timer: ReturnType<typeof setTimeout> | undefined;

  function draw(): void {
    button.setAttribute("aria-pressed", String(there));
    button.textContent = (there ? button.dataset["on"] : button.dataset["off"]) ?? "";
  }

  function show(conversation: string): void {
    const address = `/console/conversations/${encodeURIComponent(conversation)}`;
    if (/^\/console\/?$/.test(page.location.pathname)) return page.location.assign(address);
    const link = page.createElement("a");
    link.href = address;
    link.textContent = announced.dataset["words"] ?? "";
    announced.replaceChildren(link);
    announced.hidden = false;
  }

  async function tell(available: boolean): Promise<void> {
    clearTimeout(timer);
    try {
      const answer = await fetch("/console/api/available", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Shopdesk-Form": form },
        body: JSON.stringify({ available }),
      });
      const given = answer.ok ? ((await answer.json()) as { conversation_id: string | null }) : null;
      if (given?.conversation_id) show(given.conversation_id);
    } catch {
      // The gateway is away for the moment; the next round tries again.
    }
    if (there) timer = setTimeout(round, EVERY_MS);
  }

  function round(): void {
    if (!page.hidden) void tell(true);
    else timer = setTimeout(round, EVERY_MS);
  }

  button.addEventListener("click", () => {
    there = !there;
    storage?.setItem(KEY, there ? "yes" : "no");
    draw();
    void tell(there);
  });
  draw();
  button.hidden = false;
  if (there) round();
}
