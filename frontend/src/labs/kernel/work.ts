/** Work that takes longer than a frame, in a worker. Only the newest question is answered. */

export interface Question<Q> {
  number: number;
  question: Q;
}

export interface Reply<A> {
  number: number;
  answer: A;
}

/** Ask a worker; `hear` gets the answer to the newest question and never an older one after it. */
export class Work<Q, A> {
  private readonly worker: Worker;
  private asked = 0;
  private busy = false;
  private waiting: Q | null = null;

  constructor(script: URL, hear: (answer: A) => void) {
    this.worker = new Worker(script, { type: "module" });
    this.worker.addEventListener("message", ({ data }: MessageEvent<Reply<A>>) => {
      this.busy = false;
      hear(data.answer);
      if (this.waiting !== null) this.post(this.waiting);
    });
  }

  /** While one question is worked on, only the last of those that come waits. */
  ask(question: Q): void {
    if (this.busy) this.waiting = question;
    else this.post(question);
  }

  private post(question: Q): void {
    this.waiting = null;
    this.busy = true;
    this.worker.postMessage({ number: ++this.asked, question } satisfies Question<Q>);
  }
}

/** The other side: answer each question with `compute`. */
export function answerWith<Q, A>(compute: (question: Q) => A): void {
  addEventListener("message", ({ data }: MessageEvent<Question<Q>>) => {
    postMessage({ number: data.number, answer: compute(data.question) } satisfies Reply<A>);
  });
}
