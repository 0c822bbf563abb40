"""Where things lie, and the environment that every child process gets."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / ".dev"
TOOLS = DEV / "bin"  # node and npm, where the machine has none of its own
LOGS = DEV / "logs"
REQUIREMENTS = ROOT / "requirements"
FRONTEND = ROOT / "frontend"
VAR = Path(os.environ.get("COURSESITE_VAR_DIR") or ROOT / "var").resolve()
RUNTIMES = Path(os.environ.get("COURSESITE_RUNTIMES_DIR") or DEV / "runtimes").resolve()
COURSES = Path(os.environ.get("COURSESITE_COURSES_DIR") or ROOT / "courses").resolve()
SITE_PYTHON = DEV / "venv" / "bin" / "python"


def environment(**more: str) -> dict[str, str]:
    """The variables of a child process: ours, the tools of .dev first on the path, and `more`."""
    own = {
        "COURSESITE_VAR_DIR": str(VAR),
        "COURSESITE_RUNTIMES_DIR": str(RUNTIMES),
        "PATH": f"{TOOLS}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **own, **more}
