/** A thousand searches a valley: they are made here. */

import { answerWith } from "../kernel/work";
import { answer } from "./valley";

answerWith(answer);
