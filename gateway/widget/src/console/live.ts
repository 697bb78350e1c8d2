/** The little that htmx's attributes cannot say about pages that are kept current. */

interface Request {
  sourceElement: Element;
  sourceEvent?: Event;
  response?: { status: number };
}

/** Sends who was signed out to the sign-in page, asks nothing for a page that nobody sees, and empties sent forms. */
export function stay(page: Document): void {
  let leaving = false;
  const leave = () => {
    // Several may hear of it, and each new beginning would only hold up the page that is on its way.
    if (!leaving) page.location.assign("/console/login");
    leaving = true;
  };
  page.addEventListener("desk:signed-out", leave);
  for (const name of ["htmx:response:error", "htmx:sse:error"])
    page.addEventListener(name, (event) => {
      const { ctx, status } = (event as CustomEvent<{ ctx?: Request; status?: number }>).detail;
      if ((ctx?.response?.status ?? status) === 401) return leave();
      // Refused: sent once more as the browser does it, so that the page which says why is shown.
      if (ctx?.response && ctx.sourceElement instanceof HTMLFormElement) ctx.sourceElement.submit();
    });
  page.addEventListener("htmx:after:request", (event) => {
    const { ctx } = (event as CustomEvent<{ ctx: Request }>).detail;
    const form = ctx.sourceElement;
    if (form instanceof HTMLFormElement && form.method === "post" && (ctx.response?.status ?? 500) < 400)
      form.reset();
  });
  page.addEventListener("htmx:before:request", (event) => {
    const { ctx } = (event as CustomEvent<{ ctx: Request }>).detail;
    if (page.hidden && ctx.sourceEvent?.type === "every") event.preventDefault();
  });
}
