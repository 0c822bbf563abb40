"""Entry point of `python -I -B inside LINK`: become a zygote. LINK is a descriptor, or a socket's path.

`probe` and `plan PROGRAM` tell the worker, as JSON, what this machine allows and what a zygote needs to see.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from inside import launcher, probe, root  # type: ignore[import-not-found]

    del sys.path[0]  # what is imported from here on comes from the runtime
    if sys.argv[1] == "probe":
        probe.main()
    elif sys.argv[1] == "plan":
        root.tell_plan(sys.argv[2])
    else:
        launcher.main(sys.argv[1])
