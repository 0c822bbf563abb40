"""The wall: runs a student's code so that it can only compute.

Who runs, as whom, and over what they talk:

    worker ── link ── launcher          a fresh interpreter of the runtime; lays out the root, gives up
       │                 │              power over the host (`inside/launcher.py`), then only waits
       │              zygote            pid 1 of its namespaces; the runtime imported, one thread
       │              ┌──┴───┐
       └─ channel ─ child  child        each a fork in namespaces of its own, pid 1 of all that it starts

The worker (`NamespacesBackend`) asks the zygote for a child over the link and passes it one end of the
channel, of the output pipe and of a report socket. The child walls itself in (`inside/steps.py`, in the
order of STEPS) while the worker moves it into a control group. It hands over its seccomp listener, gets the
word to go, closes the report and calls the program. From then on a guard thread in the worker
(`processes.py`) reads the listener, the meter and the clock, and kills by pidfd; the zygote reaps and tells
how it ended. A child is killed as a pid namespace: nothing of it survives.

What is lost when something dies: the worker - the link closes, the zygote ends, and as pid 1 takes all
children with it; the zygote - its children end, their `wait` raises WallFault, the next `start` makes a new
one; a child - only itself. One that hangs is taken for dead, one that is worn out is replaced (`care.py`).

A runtime is a file in `runtimes/`; nothing else lists them (`offers.py`).

Ours and theirs are never mixed: what the wall cannot do is a WallFault with a step and a remedy, what the
student did is an Ending. No number in an Ending or Usage comes from the student's side.
"""

from .care import USUAL, Care
from .interface import (
    Backend,
    Ending,
    Holding,
    Layer,
    Limits,
    Process,
    Runtime,
    Usage,
    WallFault,
)
from .namespaces import NamespacesBackend
from .oci import OciBackend

__all__ = [
    "Backend",
    "Care",
    "Ending",
    "Holding",
    "Layer",
    "Limits",
    "Process",
    "Runtime",
    "Usage",
    "WallFault",
    "open_backend",
]


def open_backend(name: str, *, allow_coarse: bool, oci_runtime: str = "runc", care: Care = USUAL) -> Backend:
    """The backend called `name`. `allow_coarse` accepts limits without cgroups; server mode should not."""
    if name == NamespacesBackend.name:
        return NamespacesBackend.open(allow_coarse=allow_coarse, care=care)
    if name == OciBackend.name:
        return OciBackend.open_with(oci_runtime, allow_coarse=allow_coarse, care=care)
    raise WallFault(
        "backend", None, f'there is no sandbox backend "{name}"; there are "namespaces" and "oci"'
    )
