"""What processes hold, by /proc: a zygote's pages are its children's too, so each is told its share."""

import contextlib
from pathlib import Path


def anonymous(pid: int) -> int:
    """Bytes that are no file's, whoever else maps them. Cheap."""
    return kilobytes(f"/proc/{pid}/status", (b"RssAnon:", b"RssShmem:"))


def anonymous_share(pid: int) -> int:
    """The same, a page that n processes map counted as an nth. The kernel walks all pages for it."""
    return kilobytes(f"/proc/{pid}/smaps_rollup", (b"Pss_Anon:", b"Pss_Shmem:"))


def share(pid: int) -> int:
    """Bytes of everything that it maps, files too, a page that n processes map counted as an nth (PSS)."""
    return kilobytes(f"/proc/{pid}/smaps_rollup", (b"Pss:",))


def children(pid: int) -> list[int]:
    """Processes that it started and that are not yet reaped; none once it is gone."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += (int(one) for one in (task / "children").read_text().split())
    return found


def kilobytes(file: str, names: tuple[bytes, ...]) -> int:
    """Sum of some lines of a file of /proc, in bytes; 0 once the process is gone.

    Not as text: one line is the name that the process gave itself, and that may be any bytes.
    """
    with contextlib.suppress(OSError):
        lines = Path(file).read_bytes().split(b"\n")
        return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(names))
    return 0
