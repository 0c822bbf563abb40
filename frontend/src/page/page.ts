/** What the scripts of several pages share: sentences, the token against forged requests, this tab's name. */

/** The sentence `name` with its `{gaps}` filled. */
export type Say = (name: string, gaps?: Record<string, string | number>) => string;

export function speaker(words: Record<string, string>): Say {
  return (name, gaps = {}) => (words[name] ?? name).replace(/\{(\w+)\}/g, (_, gap: string) => String(gaps[gap] ?? ""));
}

/** The token against forged requests: the cookie's is newer than the page's after signing in again. */
export function csrfToken(): string {
  const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return cookie ?? document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
}

export const clock = (at: Date) => at.toLocaleTimeString("es", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

/** What tells this tab from the others of the same browser; a reload keeps it. */
export function tabName(): string {
  const kept = sessionStorage.getItem("tab");
  const name = kept ?? crypto.randomUUID().slice(0, 8);
  if (!kept) sessionStorage.setItem("tab", name);
  return name;
}
