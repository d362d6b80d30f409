#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""NNGP and NTK of a 3-layer relu network in numpy, as a user would write it: n = 4096, d = 784, float64.

Run beside bin/bench_kernels_points; prints seconds (best of 3) and peak memory."""
import resource
import time

import numpy as np


def relu(a, c):
    norms = np.sqrt(np.outer(a, a))
    rho = np.clip(c / norms, -1, 1)
    kdot = (np.pi - np.arccos(rho)) / (2 * np.pi)
    k = norms * (np.sqrt(1 - rho**2) / (2 * np.pi) + rho * kdot)
    return k, kdot, a / 2


def kernels(x, dual, depth=3):
    sigma = x @ x.T / x.shape[1]
    a = np.diag(sigma).copy()
    theta = sigma.copy()
    for _ in range(depth):
        sigma, kdot, a = dual(a, sigma)
        theta = theta * kdot + sigma
    return sigma, theta


if __name__ == "__main__":
    x = np.random.default_rng(1).standard_normal((4096, 784))
    for name in ["relu"]:
        times = []
        for _ in range(3):
            begin = time.perf_counter()
            kernels(x, globals()[name])
            times.append(time.perf_counter() - begin)
        print(f"{name}: {min(times):.3f} s, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")
