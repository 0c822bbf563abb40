/** What the server tells the page of an exercise, and the few elements that its parts share. */

export { clock, csrfToken, speaker, tabName, type Say } from "../page/page";

export interface Curve {
  label: string;
  role: "student" | "reference" | "target";
  points?: [number, number | null][];
  y?: number;
}

/** `selectors.state_of`, as far as the page reads it. */
export interface State {
  id: string;
  kind: "run" | "submit";
  state: "queued" | "running" | "graded" | "system_error" | "cancelled";
  ahead: number | null;
  eta_seconds: number | null;
  started_at: string | null;
  headline: string;
  urls: { self: string; events: string; cancel: string };
}

export interface PageData {
  starter: string;
  revision: number;
  savedAt: string | null;
  nonce: string;
  person: number;
  exercise: number;
  submission: State | null;
  best: Curve[];
  /** What the axes of `best` are called. */
  axes: { x: string; y: string; log: boolean };
  urls: { draft: string; submit: string; history: string; signIn: string };
  words: Record<string, string>;
}

export const isFinal = (state: State) => !["queued", "running"].includes(state.state);

/** The element, which the template promises to have. */
export function need<E extends HTMLElement>(selector: string, within: ParentNode = document): E {
  const found = within.querySelector<E>(selector);
  if (!found) throw new Error(`the page lacks ${selector}`);
  return found;
}
