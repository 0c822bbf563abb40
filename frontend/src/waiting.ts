/** The page of a submission that is still graded: says how far it is, and comes again once it is final. */

const EVERY = 3000;
const GOES_ON = new Set(["queued", "running"]);

const told = document.querySelector<HTMLElement>("[data-waits-for]");
if (told) void follow(told, told.dataset["waitsFor"] ?? "");

async function follow(told: HTMLElement, url: string): Promise<void> {
  const headline = told.querySelector<HTMLElement>("[data-headline]");
  for (;;) {
    await new Promise((after) => setTimeout(after, EVERY));
    const state = await ask(url);
    if (!state) continue;
    if (GOES_ON.has(state.state)) {
      if (headline && headline.textContent !== state.headline) headline.textContent = state.headline;
    } else if (somethingIsWritten()) {
      told.textContent = told.dataset["ready"] ?? "";
      return;
    } else {
      location.reload();
      return;
    }
  }
}

/** The submission as it is now; null while the site cannot be reached. */
async function ask(url: string): Promise<{ state: string; headline: string } | null> {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return answer.ok ? ((await answer.json()) as { state: string; headline: string }) : null;
  } catch {
    return null;
  }
}

const somethingIsWritten = () =>
  [...document.querySelectorAll("textarea")].some((field) => field.value.trim() !== "" && field.value !== field.defaultValue);
