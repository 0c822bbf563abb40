/** Two hundred gradients a measurement: they are computed here. */

import { answerWith } from "../kernel/work";
import { measure } from "./noise";

answerWith(measure);
