/** Three thousand steps and as many products with the Hessian take longer than a frame: they are done here. */

import { answerWith } from "../kernel/work";
import { train } from "./network";

answerWith(train);
