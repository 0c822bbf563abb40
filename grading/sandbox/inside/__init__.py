"""What runs in the runtime's interpreter: the launcher, the zygote and its walled children.

Started as `python -I -B <this folder>`, a fresh interpreter that has nothing of the project on its path.
Only the standard library is imported here; the worker imports `bpf`, `policy` and `kernel` from it too.
"""
