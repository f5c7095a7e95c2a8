const WINDOW = 10_000;
const MOST_MESSAGES = 5;

/** Sliding window over the times of a member's last messages. */
export class FloodGuard {
  private readonly times = new Map<string, number[]>();

  allows(member: string, now = Date.now()): boolean {
    const recent = (this.times.get(member) ?? []).filter((time) => now - time < WINDOW);
    recent.push(now);
    this.times.set(member, recent);
    return recent.length <= MOST_MESSAGES;
  }
}

export const maskInsults = (text: string, words: ReadonlySet<string>): string =>
  text.replace(/\p{L}+/gu, (word) => (words.has(word.toLowerCase()) ? "*".repeat(word.length) : word));
