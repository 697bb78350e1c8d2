/** Keyboard shortcuts: single keys, never while somebody writes; "?" says which there are. */

const ROWS = "tbody th[scope=row] a, .queue li a, .found h2 a";
const BUSY = "input, textarea, select, dialog[open]";
const PLACES: Record<string, string> = { gi: "/console", gs: "/console/search" };
const SEARCH = "/console/search";

/** Listens for the length of the page. */
export function listen(page: Document): void {
  let before = "";

  function step(by: number): void {
    const rows = [...page.querySelectorAll<HTMLElement>(ROWS)];
    const at = rows.findIndex((row) => row === page.activeElement);
    rows.at(Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by)))?.focus();
  }

  /** Whether the key meant something here. */
  function pressed(key: string, chord: string): boolean {
    const wanted = page.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    const place = PLACES[chord];
    if (place) page.location.assign(place);
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "?") page.querySelector<HTMLDialogElement>("dialog#keys")?.showModal();
    else if (wanted instanceof HTMLButtonElement) wanted.click();
    else if (wanted) wanted.focus();
    else if (key === "/") page.location.assign(SEARCH);
    else return false;
    return true;
  }

  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target instanceof Element && event.target.closest(BUSY)) return;
    const chord = before + event.key;
    before = event.key === "g" ? "g" : "";
    if (pressed(event.key, chord)) event.preventDefault();
  });
}
