/** Marks in the section list the heading that was passed last. */

export function mountContents(lesson: HTMLElement): void {
  const links = new Map<string, HTMLAnchorElement>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".contents__rail a")) {
    links.set(decodeURIComponent(link.hash.slice(1)), link);
  }
  const headings = [...lesson.querySelectorAll<HTMLElement>("h2[id], h3[id]")].filter((heading) => links.has(heading.id));
  if (!headings.length) return;
  const mark = (): void => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    const current = passed.at(-1)?.id;
    for (const [id, link] of links) {
      if (id === current) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px", threshold: [0, 1] });
  for (const heading of headings) observer.observe(heading);
}
