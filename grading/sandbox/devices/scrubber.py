"""Run by itself: overwrite all memory of a device that can be had, or look for what lies in it.

    python scrubber.py fill LIBCUDA        zeros everywhere
    python scrubber.py stain LIBCUDA       a pattern everywhere, for whoever wants to see it gone
    python scrubber.py look LIBCUDA        how many bytes of the pattern lie in memory just allocated

One device is to be visible (CUDA_VISIBLE_DEVICES). Prints {"total", "free", "filled", "left", "found"} in
bytes. The driver's own interface, by ctypes: nothing of a student's, nor of a numerical library, takes part.
"""

import ctypes
import json
import sys
from ctypes import byref, c_size_t, c_uint, c_uint64, c_void_p

MIB = 1024 * 1024
LARGEST, SMALLEST = 4096 * MIB, 2 * MIB
PATTERN = 0xC3A55A3C
SAMPLE = 4 * MIB


class Cuda:
    """A context on the one visible device."""

    def __init__(self, path: str) -> None:
        self._library = ctypes.CDLL(path)
        self._context = c_void_p()
        device = ctypes.c_int()
        self.call("cuInit", c_uint(0))
        self.call("cuDeviceGet", byref(device), 0)
        self.call("cuCtxCreate_v2", byref(self._context), c_uint(0), device)

    def call(self, name: str, *arguments: object) -> None:
        """A call that must succeed."""
        if error := getattr(self._library, name)(*arguments):
            raise SystemExit(f"{name}: CUDA error {error}")

    def memory(self) -> tuple[int, int]:
        """Free and total bytes."""
        free, total = c_size_t(), c_size_t()
        self.call("cuMemGetInfo_v2", byref(free), byref(total))
        return free.value, total.value

    def take_all(self) -> list[tuple[c_uint64, int]]:
        """Every block that can be had, the largest first."""
        blocks, size = [], LARGEST
        while size >= SMALLEST:
            block = c_uint64()
            if self._library.cuMemAlloc_v2(byref(block), c_size_t(size)):
                size //= 2
            else:
                blocks.append((block, size))
        return blocks

    def fill(self, block: c_uint64, size: int, value: int) -> None:
        """Write a word of 32 bits all over."""
        self.call("cuMemsetD32_v2", block, c_uint(value), c_size_t(size // 4))

    def finish(self) -> None:
        """Wait for what was asked."""
        self.call("cuCtxSynchronize")

    def count(self, block: c_uint64, size: int) -> int:
        """Bytes of the pattern in it."""
        word, found = PATTERN.to_bytes(4, "little"), 0
        buffer = ctypes.create_string_buffer(SAMPLE)
        for start in range(0, size, SAMPLE):
            length = min(SAMPLE, size - start)
            self.call("cuMemcpyDtoH_v2", buffer, c_uint64(block.value + start), c_size_t(length))
            found += 4 * buffer.raw[:length].count(word)
        return found


def main(verb: str, path: str) -> None:
    """Do it, and say what was done."""
    cuda = Cuda(path)
    free, total = cuda.memory()
    blocks = cuda.take_all()
    found = 0
    for block, size in blocks:
        if verb == "look":
            found += cuda.count(block, size)
        else:
            cuda.fill(block, size, PATTERN if verb == "stain" else 0)
    cuda.finish()
    left, _ = cuda.memory()
    filled = sum(size for _, size in blocks)
    print(json.dumps({"total": total, "free": free, "filled": filled, "left": left, "found": found}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
