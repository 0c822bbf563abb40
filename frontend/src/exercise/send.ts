/** Hands in by the form's endpoint. */

import type { State } from "./page";

export type Sent =
  | { kind: "taken"; state: State }
  | { kind: "refused"; code: string; message: string }
  | { kind: "signedOut" }
  | { kind: "lost" };

export type Post = (fields: URLSearchParams) => Promise<Response>;

/**
 * Sends at most one thing at a time, under a token that is kept until an answer came: a double click or
 * a lost answer gives one submission. Another source or kind is another thing, with a token of its own.
 */
export class Sender {
  private pending: { source: string; kind: string; token: string } | null = null;
  private busy = false;

  constructor(
    private readonly post: Post,
    private readonly newToken: () => string = () => crypto.randomUUID(),
  ) {}

  /** Null when something is being sent already. */
  async send(source: string, kind: "run" | "submit"): Promise<Sent | null> {
    if (this.busy) return null;
    if (this.pending?.source !== source || this.pending.kind !== kind) {
      this.pending = { source, kind, token: this.newToken() };
    }
    this.busy = true;
    try {
      const response = await this.post(new URLSearchParams({ source, kind, form_token: this.pending.token }));
      if (response.status === 401) return { kind: "signedOut" };
      if (response.status >= 500) return { kind: "lost" };
      const body: unknown = await response.json();
      this.pending = null;
      if (response.ok) return { kind: "taken", state: body as State };
      const { code = "", message = "" } = body as { code?: string; message?: string };
      return { kind: "refused", code, message };
    } catch {
      return { kind: "lost" };
    } finally {
      this.busy = false;
    }
  }
}
