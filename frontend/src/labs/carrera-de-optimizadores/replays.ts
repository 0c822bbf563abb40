/** The reader's own optimisers, as the judge recorded them. */

import { SURFACES, surfaces, type SurfaceName } from "./surfaces";

export interface Replay {
  /** The title of the exercise that it was handed in to. */
  exercise: string;
  /** The same with the attempt, as "Adam desde cero, entrega 3". */
  label: string;
  surface: SurfaceName;
  path: number[][];
  losses: number[];
}

/** What the site tells at `url`; nothing for a reader who has handed nothing in, or where it cannot be reached. */
export async function replays(url: string | undefined): Promise<Replay[]> {
  if (!url) return [];
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return [];
    const told = (await answer.json()) as { replays: { exercise: string; label: string; surface: string; path: number[][] }[] };
    return told.replays.filter((one) => isSurface(one.surface)).map((one) => {
      const surface = one.surface as SurfaceName;
      return { exercise: one.exercise, label: one.label, surface, path: one.path, losses: one.path.map(surfaces[surface].value) };
    });
  } catch {
    return [];
  }
}

const isSurface = (name: string): name is SurfaceName => (SURFACES as readonly string[]).includes(name);
