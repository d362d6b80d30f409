#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""NTK of the Myrtle-5 relu network between two images of 32x32x3: nke against numpy and torch, vectorised as a user would
write it, in one run.

    apt install python3-numpy python3-torch     (torch may be missing: its rows are left out)
    python3 bench/peers/kernels_images.py build/release/bin/bench_kernels_images

Processor time of one thread, in turn, medians of three rounds (each the best of three). `pair` is one entry whose
variances are known from each image alone, as nke counts it; `call` is what the plain function ntk(x, y) takes, which has to go
through (x, x) and (y, y) for them."""
import json
import os
import statistics
import subprocess
import sys
import time

for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ.setdefault(variable, "1")

import numpy as np

try:
    import torch
    torch.set_num_threads(1)
except ImportError:
    torch = None


def box(m, pad):
    """Sum over the nine taps (p + d, q + d) of a matrix over pixels (i, j) of x and (k, l) of y."""
    padded = pad(m)
    h, w = m.shape[0], m.shape[1]
    total = 0 * m
    for a in range(3):
        for b in range(3):
            total += padded[a:a + h, b:b + w, a:a + h, b:b + w]
    return total


def pool(m):
    h, w = m.shape[0] // 2, m.shape[1] // 2
    return m.reshape(h, 2, w, 2, h, 2, w, 2).mean((1, 3, 5, 7))


def relu(lib, clip, a, b, c):
    norms = lib.sqrt(a[:, :, None, None] * b[None, None, :, :])
    rho = clip(c / norms, -1, 1)
    kdot = (np.pi - lib.arccos(rho)) / (2 * np.pi)
    return norms * (lib.sqrt((1 - rho) * (1 + rho)) / (2 * np.pi) + rho * kdot), kdot


def walk(lib, x, y, left=None, right=None):
    """Σ, Θ and the variances before each activation; these are given unless x is y."""
    if lib is np:
        pad, clip = (lambda m: np.pad(m, 1)), np.clip
    else:
        pad, clip = (lambda m: torch.nn.functional.pad(m, (1,) * 8)), torch.clamp
    sigma = lib.einsum("ijc,klc->ijkl", x, y) / x.shape[2]
    theta = 0 * sigma
    noted = []
    for layer in range(4):
        sigma = 2 * box(sigma, pad) / 9
        theta = 2 * box(theta, pad) / 9 + sigma
        if left is None:
            noted.append(lib.einsum("ijij->ij", sigma))
        a, b = (noted[-1],) * 2 if left is None else (left[layer], right[layer])
        sigma, kdot = relu(lib, clip, a, b, sigma)
        theta = theta * kdot
        if layer in (1, 2):
            sigma, theta = pool(sigma), pool(theta)
    k = 2 * sigma.mean()
    return k, 2 * theta.mean() + k, noted


def call(lib, x, y):
    return walk(lib, x, y, walk(lib, x, x)[2], walk(lib, y, y)[2])


def best(work):
    times = []
    for _ in range(3):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return 1e3 * min(times)


def contestants():
    """Names and functions without arguments, each to be called before the next is asked for."""
    for kind in ["float32", "float64"]:
        images = np.random.default_rng(1).standard_normal((2, 32, 32, 3)).astype(kind)
        for lib in [np] if torch is None else [np, torch]:
            x, y = images if lib is np else torch.from_numpy(images)
            left, right = walk(lib, x, x)[2], walk(lib, y, y)[2]
            yield f"{lib.__name__} {kind} pair", lambda: walk(lib, x, y, left, right)
            yield f"{lib.__name__} {kind} call", lambda: call(lib, x, y)


def nke_entries(program):
    command = [program, "--benchmark_filter=myrtle5_relu_(float|double)", "--benchmark_format=json"]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {"float" if "float" in row["name"] else "double": row["entry_ms"] for row in json.loads(out)["benchmarks"]}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    rounds = []
    for _ in range(3):
        rounds.append({f"nke {kind}": ms for kind, ms in nke_entries(sys.argv[1]).items()})
        rounds[-1].update({name: best(work) for name, work in contestants()})
    ms = {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}
    print(f"{'':20}{'ms':>8}{'over nke float':>16}{'over nke double':>17}")
    for name, value in ms.items():
        print(f"{name:20}{value:8.2f}{value / ms['nke float']:16.1f}{value / ms['nke double']:17.1f}")
