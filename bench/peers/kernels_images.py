#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""NTK of the Myrtle-5 relu network between images of 32x32x3 in numpy, vectorised as a user would write it, float32 or float64.

Run beside bin/bench_kernels_images; prints milliseconds of processor time an entry (best of 3, diagonals made beforehand)
and peak memory."""
import resource
import sys
import time

import numpy as np


def box(m):
    """Sum over the nine taps (p + d, q + d) of a matrix over pixels (i, j) of x and (k, l) of y."""
    padded = np.pad(m, 1)
    h, w = m.shape[0], m.shape[1]
    total = np.zeros_like(m)
    for a in range(3):
        for b in range(3):
            total += padded[a:a + h, b:b + w, a:a + h, b:b + w]
    return total


def pool(m):
    h, w = m.shape[0] // 2, m.shape[1] // 2
    return m.reshape(h, 2, w, 2, h, 2, w, 2).mean(axis=(1, 3, 5, 7))


def relu(a, b, c):
    norms = np.sqrt(a[:, :, None, None] * b[None, None, :, :])
    rho = np.clip(c / norms, -1, 1)
    kdot = (np.pi - np.arccos(rho)) / (2 * np.pi)
    return norms * (np.sqrt((1 - rho) * (1 + rho)) / (2 * np.pi) + rho * kdot), kdot


def diagonal(m):
    return np.einsum("ijij->ij", m).copy()


def entry(x, y, left=None, right=None):
    """Without diagonals: the pair of x with itself, and its diagonals before each activation."""
    sigma = np.einsum("ijc,klc->ijkl", x, y) / x.shape[2]
    theta = np.zeros_like(sigma)
    noted = []
    for layer in range(4):
        sigma = 2 * box(sigma) / 9
        theta = 2 * box(theta) / 9 + sigma
        noted.append(diagonal(sigma) if left is None else None)
        a = noted[-1] if left is None else left[layer]
        b = noted[-1] if right is None else right[layer]
        sigma, kdot = relu(a, b, sigma)
        theta = theta * kdot
        if layer in (1, 2):
            sigma, theta = pool(sigma), pool(theta)
    k = 2 * sigma.mean()
    return k, 2 * theta.mean() + k, noted


if __name__ == "__main__":
    kind = np.float32 if sys.argv[1:] == ["float32"] else np.float64
    x, y = np.random.default_rng(1).standard_normal((2, 32, 32, 3)).astype(kind)
    left, right = entry(x, x)[2], entry(y, y)[2]
    times = []
    for _ in range(3):
        begin = time.process_time()
        entry(x, y, left, right)
        times.append(time.process_time() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"myrtle5 relu {kind.__name__}: {1e3 * min(times):.0f} ms an entry, peak {peak:.2f} GiB")
