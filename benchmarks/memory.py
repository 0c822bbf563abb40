"""What keeping a runtime warm costs: its zygote and the child that waits, against the imports themselves."""

from __future__ import annotations

import subprocess

from grading.sandbox import Backend, Runtime
from grading.sandbox.zygotes import INTERPRETER_OPTIONS, environment

IMPORTS = """
import importlib, runpy, sys
for name in sys.argv[3:]:
    importlib.import_module(name)
exec(sys.argv[1], {})
program = runpy.run_path(sys.argv[2])
with open("/proc/self/smaps_rollup", "rb") as file:
    print(next(int(line.split()[1]) << 10 for line in file if line.startswith(b"Pss:")))
"""


def bare_imports(runtime: Runtime) -> int:
    """Bytes (PSS) of an interpreter that has loaded all that the zygote would, without a wall."""
    words = ["-c", IMPORTS, runtime.hooks.settle, str(runtime.program), *runtime.preload]
    done = subprocess.run(
        [str(runtime.python), *INTERPRETER_OPTIONS, *words],
        env=environment(runtime),
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return int(done.stdout.split()[-1])


def idle_over_imports(runtime: Runtime, backend: Backend) -> dict[str, float]:
    """What an idle runtime takes in MB, zygote, launcher and waiting child, and that over the bare imports.

    One is measured after the other: there may be no zygote of this runtime yet. A page that n processes map
    counts as an nth in both.
    """
    bare = bare_imports(runtime)
    backend.prepare(runtime)
    held = next(one for one in backend.holdings() if one.runtime == runtime.name)
    waiting = sum(held.children_bytes)
    return {
        "imports_mb": round(bare / 1e6, 1),
        "zygote_mb": round(held.zygote_bytes / 1e6, 1),
        "waiting_mb": round(waiting / 1e6, 1),
        "idle_over_imports": round((held.zygote_bytes + waiting) / bare, 3),
    }
