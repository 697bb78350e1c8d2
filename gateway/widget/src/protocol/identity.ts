/** Reading an identity token's subject. The gateway verifies tokens; here it only tells one shopper from another. */

/** The `sub` of a JWT; the token's own text when it cannot be read; null without a token. */
export function subjectOf(identityToken: string | null): string | null {
  if (!identityToken) return null;
  try {
    const payload = identityToken.split(".")[1] ?? "";
    const claims = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))) as { sub?: unknown };
    return typeof claims.sub === "string" ? claims.sub : identityToken;
  } catch {
    return identityToken;
  }
}
