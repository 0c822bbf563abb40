/** A network of fifty layers takes longer than a frame: it is measured here. */

import { answerWith } from "../kernel/work";
import { measure, type Answer, type Network } from "./signal";

answerWith((network: Network): Answer => ({ network, measured: measure(network) }));
