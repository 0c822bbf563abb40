"""GPUs: which there are, who has which, and what must be true before the next student gets one.

    nvml      what the driver says: devices, their instances (MIG), memory, who computes there
    nodes     the files of /dev that lead to a device, and no other
    leases    one holder a device among all workers of this machine, in the order of asking
    pool      from a lease to a backend whose processes run on that device; clean before and after
    watch     holds one process to its share of the device's memory
    scrubber  a fresh process of ours that overwrites what the last student left there

A student's process opens its device itself, after the fork (see `Device` in `interface.py`): the zygote has
the library imported and no driver asked. Nothing here imports CUDA; the scrubber calls the driver by ctypes.
"""

from .interface import Library, NoDevices
from .leases import Leases, Record
from .nvml import Nvml
from .pool import Busy, OnDevice, Pool

__all__ = ["Busy", "Leases", "Library", "NoDevices", "Nvml", "OnDevice", "Pool", "Record"]
