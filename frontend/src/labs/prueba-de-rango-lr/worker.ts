/** Networks are trained here, away from the page. */

import { answerWith } from "../kernel/work";
import { answer } from "./range";

answerWith(answer);
