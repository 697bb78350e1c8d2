// Keeps a page current: fetches it again and swaps the part that shows the record, unless someone is using it.
"use strict";

const main = document.querySelector("main[data-refresh]");
if (main) {
  const seconds = Number(main.dataset.refresh);
  const refresh = async () => {
    const live = document.getElementById("live");
    const inUse = live.contains(document.activeElement) || live.querySelector("details[open]") || !getSelection().isCollapsed;
    if (!document.hidden && !inUse) {
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
    setTimeout(refresh, seconds * 1000);
  };
  setTimeout(refresh, seconds * 1000);
}
