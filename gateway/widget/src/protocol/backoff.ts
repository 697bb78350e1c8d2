/** Waiting times between attempts. */

/**
 * Milliseconds to wait before attempt number `attempt` (0 is the first repeat): doubling from `first` up to `most`,
 * with half of it random, so that thousands of widgets do not return in the same second after a restart.
 */
export function backoff(attempt: number, random: () => number, first = 1000, most = 30_000): number {
  const ceiling = Math.min(most, first * 2 ** Math.min(attempt, 20));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
