"""What makes two machines, and two zygotes of one, compute the same from the same.

Numerical libraries choose their kernels by the processor, and kernels add in different orders. Where the
processor has AVX2 (any since 2013) all are held to that: it costs a product of small matrices a few
microseconds on the newest processors, and nothing elsewhere. NumPy's own loops are left alone: held to AVX2
their exponentials take four times as long, and differ in the last bit only. Sums must not hang on the
number of threads either, so there is one; and sets of texts are walked in the same order everywhere.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
SAME_SETS = {"PYTHONHASHSEED": "0"}
SAME_KERNELS = {
    "OPENBLAS_CORETYPE": "Haswell",
    "MKL_CBWR": "AVX2",
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
}
_NEEDED = {"avx2", "fma"}
"""A library told to use what the processor lacks ends by SIGILL."""


@cache
def environment() -> dict[str, str]:
    """What a process that computes for a grading is started with on this machine."""
    return ONE_THREAD | SAME_SETS | (SAME_KERNELS if _features() >= _NEEDED else {})


def _features() -> set[str]:
    """What the kernel says of the first processor; nothing where it says it in other words, as on ARM."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    return next((set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), set())
