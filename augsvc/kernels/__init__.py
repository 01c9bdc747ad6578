"""The engine's inner loops, compiled by numba: arrays in, arrays out, the GIL released.

Callers allocate every array, so that kernels need no run-time memory management (which tripled their speed); each
kernel has one signature, a plain-Python twin in the tests, and is cached on disk under a hash of this folder's sources.
"""
