/** Thousands of matrices take longer than a frame: they are drawn here. */

import { answerWith } from "../kernel/work";
import { survey, type Landscape, type Surveyed } from "./hessians";

export interface Answer {
  landscape: Landscape;
  surveyed: Surveyed;
}

answerWith((landscape: Landscape): Answer => ({ landscape, surveyed: survey(landscape) }));
