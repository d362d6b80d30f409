#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""h_0 … h_100 of tanh at variance 1: nke against scipy.integrate.quad (15 digits) and mpmath.quad (50 digits), one run.

    apt install python3-scipy python3-mpmath
    python3 bench/peers/hermite_coefficients.py build/release/bin/nke

nke is timed as a process, start included, which is most of it (bench_hermite_certified has the computation alone); the
others are timed without the start of Python. nke's digits are proven, those of the others are not.
Of mpmath every tenth coefficient is computed and the time multiplied by ten (--all computes all). He_n is orthonormal
from the recurrence in both, as a careful user would write it; the parity of tanh is not used by anyone but nke."""
import json
import math
import subprocess
import sys
import time

import mpmath
import scipy
import scipy.integrate

DEGREE = 100


def orthonormal(n, x, root):
    """He_n(x)/sqrt(n!)"""
    before, now = 0 * x, 0 * x + 1
    for k in range(n):
        before, now = now, (x * now - root(k) * before) / root(k + 1)
    return now


def by_nke(program, digits):
    command = [program, "hermite", "tanh", "--mode", "reference", "--degree", str(DEGREE), "--digits", str(digits), "--json"]
    times = []
    for _ in range(9):
        begin = time.perf_counter()
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        times.append(time.perf_counter() - begin)
    return min(times), [c["value"] for c in json.loads(out, parse_float=str)["coefficients"]]


def by_scipy():
    roots = [math.sqrt(k) for k in range(DEGREE + 1)]
    density = 1 / math.sqrt(2 * math.pi)
    values = []
    begin = time.perf_counter()
    for n in range(DEGREE + 1):

        def f(x, n=n):
            return math.tanh(x) * orthonormal(n, x, roots.__getitem__) * math.exp(-x * x / 2) * density

        values.append(scipy.integrate.quad(f, -38, 38, epsabs=1e-15, epsrel=1e-15, limit=500)[0])
    return time.perf_counter() - begin, values


def by_mpmath(digits, step):
    mpmath.mp.dps = digits + 10
    roots = [mpmath.sqrt(k) for k in range(DEGREE + 1)]
    density = 1 / mpmath.sqrt(2 * mpmath.pi)
    values = {}
    begin = time.perf_counter()
    for n in range(1, DEGREE + 1, step):

        def f(x, n=n):
            return mpmath.tanh(x) * orthonormal(n, x, roots.__getitem__) * mpmath.exp(-x * x / 2) * density

        values[n] = mpmath.quad(f, mpmath.linspace(-24, 24, 25))
    return (time.perf_counter() - begin) * (DEGREE + 1) / len(values), values


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "build/release/bin/nke"
    step = 1 if "--all" in sys.argv else 10
    import warnings

    warnings.simplefilter("ignore", scipy.integrate.IntegrationWarning)
    ours, digits15 = by_nke(program, 15)
    theirs, values = by_scipy()
    worst = max(abs(float(a) - b) if math.isfinite(b) else math.inf for a, b in zip(digits15, values))
    first_bad = next((n for n, (a, b) in enumerate(zip(digits15, values)) if not abs(float(a) - b) <= 1e-13), None)
    print(
        f"15 digits: nke {ours * 1e3:.1f} ms, scipy {scipy.__version__} {theirs * 1e3:.0f} ms: ratio {theirs / ours:.0f};"
        f" largest difference {worst:.1e}" + ("" if first_bad is None else f", above 1e-13 from degree {first_bad}")
    )
    ours, digits50 = by_nke(program, 50)
    theirs, values = by_mpmath(50, step)
    worst = max(abs(mpmath.mpf(str(digits50[n])) - b) for n, b in values.items())
    print(
        f"50 digits: nke {ours * 1e3:.1f} ms, mpmath {mpmath.__version__} {theirs:.1f} s: ratio {theirs / ours:.0f};"
        f" largest difference {mpmath.nstr(worst, 2)}"
    )


if __name__ == "__main__":
    main()
