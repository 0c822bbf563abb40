/** Speaks to the status region: progress at most once in ten seconds, an ending at once. */

export const PAUSE_MS = 10_000;
const FIRST_MS = 1000;

export class Announcer {
  private last = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly region: HTMLElement,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Only the newest of the sentences that wait is said, and none that an ending overtakes. */
  progress(sentence: string): void {
    clearTimeout(this.timer);
    const wait = Math.max(FIRST_MS, this.last + PAUSE_MS - this.now());
    this.timer = setTimeout(() => this.say(sentence), wait);
  }

  ending(sentence: string): void {
    clearTimeout(this.timer);
    this.say(sentence);
  }

  private say(sentence: string): void {
    this.last = this.now();
    this.region.textContent = sentence;
  }
}
