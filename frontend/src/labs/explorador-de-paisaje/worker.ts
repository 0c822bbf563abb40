/** A thousand losses a picture: they are computed here. */

import { answerWith } from "../kernel/work";
import { explore } from "./slice";

answerWith(explore);
