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
