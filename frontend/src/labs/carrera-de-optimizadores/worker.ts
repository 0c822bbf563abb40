/** Each textbook optimiser is tried with every η of a grid: here, away from the page. */

import { answerWith } from "../kernel/work";
import { textbook, type Runner } from "./race";
import { surfaces, type SurfaceName } from "./surfaces";

export interface Answer {
  surface: SurfaceName;
  runners: Runner[];
}

answerWith((surface: SurfaceName): Answer => ({ surface, runners: textbook(surfaces[surface]) }));
