/** Loads a lab's script when its frame comes near; a lab that cannot start keeps its figure and table. */

interface LabModule {
  mount(section: HTMLElement): void | Promise<void>;
}

async function start(section: HTMLElement): Promise<void> {
  const script = section.dataset.script;
  if (!script || section.dataset.started) return;
  section.dataset.started = "1";
  try {
    const lab = (await import(script)) as LabModule;
    await lab.mount(section);
  } catch (error) {
    console.error(`lab ${section.dataset.lab ?? ""} did not start`, error);
  }
}

/** `<section class="lab" data-lab="slug" data-script="/static/lab-slug.js" data-settings="{…}">` */
export function mountLabs(lesson: HTMLElement): void {
  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        near.unobserve(entry.target);
        void start(entry.target as HTMLElement);
      }
    },
    { rootMargin: "600px 0px" },
  );
  for (const section of lesson.querySelectorAll<HTMLElement>(".lab[data-script]")) near.observe(section);
}
