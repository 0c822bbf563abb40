"""Entry point of `python -I -B inside`: become a zygote, driven through the descriptor in argv[1]."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from inside import launcher, probe  # type: ignore[import-not-found]

    del sys.path[0]  # what is imported from here on comes from the runtime
    if sys.argv[1] == "probe":
        probe.main()
    else:
        launcher.main(int(sys.argv[1]))
