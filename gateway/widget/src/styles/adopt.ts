/**
 * Styles that a strict Content-Security-Policy allows: a constructable style sheet, which `style-src` does not
 * govern, or, in browsers without it, a `<link>` to the same rules as a file.
 */
export function adoptStyles(root: ShadowRoot, sheet: { text: string; file: string }, files: string): void {
  try {
    const styles = new CSSStyleSheet();
    styles.replaceSync(sheet.text);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, styles];
  } catch {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = files + sheet.file;
    root.append(link);
  }
}
