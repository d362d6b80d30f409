#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""NNGP and NTK of 3-layer networks, n = 4096, d = 784, double: nke against numpy as a user would write it, in one run.

    apt install python3-numpy libopenblas0-pthread     (without OpenBLAS numpy takes three times as long)
    python3 bench/peers/kernels_points.py build/release/bin/bench_kernels_points

Wall clock, all cores for both (as many as numpy's BLAS uses), one after the other in processes of their own, medians of five;
the time is that of the kernels alone, the memory the peak of the process."""
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np


def relu(a, c):
    norms = np.sqrt(np.outer(a, a))
    rho = np.clip(c / norms, -1, 1)
    kdot = (np.pi - np.arccos(rho)) / (2 * np.pi)
    k = norms * (np.sqrt(1 - rho**2) / (2 * np.pi) + rho * kdot)
    return k, kdot


def gelu(a, c):
    q = np.outer(1 + a, 1 + a)
    s = np.sqrt(q - c**2)
    angle = np.arctan2(s, -c)
    ab = np.outer(a, a)
    k = ((ab + c**2 * (1 - ab) / q) / s + c * angle) / (2 * np.pi)
    kdot = (c * (3 + np.add.outer(a, a) + c**2 / s**2) / (q * s) + angle) / (2 * np.pi)
    return k, kdot


def kernels(x, dual, depth=3):
    sigma = x @ x.T / x.shape[1]
    theta = sigma.copy()
    for _ in range(depth):
        sigma, kdot = dual(np.diag(sigma).copy(), sigma)
        theta = theta * kdot + sigma
    return sigma, theta


def numpy_seconds(name):
    x = np.random.default_rng(1).standard_normal((4096, 784))
    begin = time.perf_counter()
    kernels(x, globals()[name])
    return time.perf_counter() - begin


def measured(command, seconds):
    """What `seconds` reads from the output, and the process's peak of memory in GiB."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} failed")
    return seconds(out), usage.ru_maxrss / 2**20


def compare(program, name):
    contestants = {
        "numpy": ([sys.executable, __file__, "--numpy", name], float),
        "nke": ([program, f"--benchmark_filter=^all_cores/{name}/", "--benchmark_format=json"],
                lambda out: 1e-3 * json.loads(out)["benchmarks"][0]["real_time"]),
    }
    runs = {who: [] for who in contestants}
    for _ in range(5):
        for who, (command, seconds) in contestants.items():
            runs[who].append(measured(command, seconds))
    time_of = {who: statistics.median(t for t, _ in run) for who, run in runs.items()}
    peak = {who: max(m for _, m in run) for who, run in runs.items()}
    print(f"{name}: numpy {time_of['numpy']:.3f} s, {peak['numpy']:.2f} GiB; nke {time_of['nke']:.3f} s, "
          f"{peak['nke']:.2f} GiB; numpy over nke {time_of['numpy'] / time_of['nke']:.1f} in time, "
          f"{peak['numpy'] / peak['nke']:.1f} in memory")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--numpy"]:
        print(numpy_seconds(sys.argv[2]))
    elif len(sys.argv) == 2:
        for name in ["relu", "gelu"]:
            compare(sys.argv[1], name)
    else:
        sys.exit(__doc__)
