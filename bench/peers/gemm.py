"""What the peer's matrix products run on: a ratio against a reference BLAS is worth nothing."""
import re
import time

import torch


def describe():
    """The loaded BLAS and its best GFLOP/s in products of 256 x 256 matrices, on the threads torch now has."""
    a, b = torch.randn(256, 256), torch.randn(256, 256)
    best = float("inf")
    for _ in range(60):
        begun = time.perf_counter()
        a @ b
        best = min(best, time.perf_counter() - begun)
    try:
        with open("/proc/self/maps") as maps:
            loaded = sorted(set(re.findall(r"/(lib[^/\s]*(?:blas|mkl|blis)[^/\s]*)", maps.read())))
    except OSError:
        loaded = []
    built = re.search(r"BLAS_INFO=\w+", torch.__config__.show())
    blas = " ".join(loaded) or (built.group() if built else "unknown BLAS")
    return {"torch": torch.__version__, "blas": blas, "gflops": round(2 * 256**3 / best / 1e9, 1)}
