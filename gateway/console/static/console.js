// Keeps a page current: fetches it again and swaps the part that shows the record, unless someone is using it.
"use strict";

const main = document.querySelector("main[data-refresh]");
if (main) {
  const seconds = Number(main.dataset.refresh);
  let timer;
  const inUse = (live) => live.contains(document.activeElement) || !getSelection().isCollapsed;
  const refresh = async (isNews) => {
    clearTimeout(timer);
    const live = document.getElementById("live");
    // News is shown at once; by the clock alone nothing that somebody has opened is closed again.
    if (!document.hidden && !inUse(live) && (isNews || !live.querySelector("details[open]"))) {
      try {
        const response = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (response.redirected) {
          location.assign(response.url);
          return;
        }
        if (response.ok) {
          const page = new DOMParser().parseFromString(await response.text(), "text/html");
          const fresh = page.getElementById("live");
          if (fresh && fresh.innerHTML !== live.innerHTML) {
            live.replaceWith(document.adoptNode(fresh));
          }
        }
      } catch {
        // The gateway is away for the moment; the next round tries again.
      }
    }
    timer = setTimeout(refresh, seconds * 1000);
  };
  timer = setTimeout(refresh, seconds * 1000);
  document.addEventListener("desk:news", () => refresh(true));
}

// Keyboard shortcuts: single keys, never while somebody writes; "?" says which there are.
{
  let before = "";
  const rows = () => [...document.querySelectorAll("tbody th[scope=row] a, .queue li a, .found h2 a")];
  const step = (by) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    all.at(Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by)))?.focus();
  };
  document.addEventListener("keydown", (event) => {
    const place = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (place instanceof Element && place.closest("input, textarea, select, dialog[open]")) return;
    const chord = before + event.key;
    before = event.key === "g" ? "g" : "";
    if (chord === "gi") location.assign("/console");
    else if (chord === "gs") location.assign("/console/search");
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "?") document.getElementById("keys")?.showModal();
    else {
      const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (wanted instanceof HTMLButtonElement) wanted.click();
      else if (wanted) wanted.focus();
      else if (event.key === "/") location.assign("/console/search");
      else return;
    }
    event.preventDefault();
  });
}

// Whoever says that they are there is given who waits, as long as a page of theirs is seen. In the inbox the given
// conversation opens at once; elsewhere it is announced, so that nothing that somebody is doing is torn away.
{
  const button = document.getElementById("available");
  const announced = document.getElementById("given");
  const form = document.querySelector(".bar-end input[name=csrf]");
  if (button && announced && form) {
    const KEY = "shopdesk-available";
    const EVERY_MS = 3000;
    let storage = null;
    try {
      storage = window.localStorage;
    } catch {
      // Storage is not allowed here: it holds for this page.
    }
    let there = storage?.getItem(KEY) === "yes";
    let timer;
    const draw = () => {
      button.setAttribute("aria-pressed", String(there));
      button.textContent = there ? button.dataset.on : button.dataset.off;
    };
    const tell = async (available) => {
      clearTimeout(timer);
      try {
        const answer = await fetch("/console/api/available", {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-Shopdesk-Form": form.value },
          body: JSON.stringify({ available }),
        });
        const given = answer.ok ? (await answer.json()).conversation_id : null;
        if (given) {
          const address = `/console/conversations/${encodeURIComponent(given)}`;
          if (location.pathname === "/console" || location.pathname === "/console/") return location.assign(address);
          const link = document.createElement("a");
          link.href = address;
          link.textContent = announced.dataset.words;
          announced.replaceChildren(link);
          announced.hidden = false;
        }
      } catch {
        // The gateway is away for the moment; the next round tries again.
      }
      if (there) timer = setTimeout(round, EVERY_MS);
    };
    const round = () => {
      if (!document.hidden) void tell(true);
      else timer = setTimeout(round, EVERY_MS);
    };
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
}
