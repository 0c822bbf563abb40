/** Eight runs a question: they are made here. */

import { answerWith } from "../kernel/work";
import { answer } from "./schedules";

answerWith(answer);
