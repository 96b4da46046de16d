"""The incomplete beta and gamma functions and their inverses: what exact intervals are computed from.

Continued fractions by Lentz's method and a bracketed search for the inverse; W. H. Press et al., Numerical Recipes,
3rd ed., 6.2 and 6.4. Held against scipy in the tests; scipy itself would be 114 MB for these few lines.
"""

from collections.abc import Callable
from math import copysign, exp, inf, lgamma, log, sqrt

_TINY = 1e-300
_EPSILON = 1e-15
_STEPS = 100_000
"""Convergence takes some multiple of the square root of the larger parameter; this is for counts of 10^8."""

_HALVINGS, _NEAR = 2_000, 1e-15
"""Steps to a root that lies as near to zero as a number can; and how near is there, since nothing is known better."""


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b): the share of a beta distribution that lies below x."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + numerator * d)
            c = _away(1 + numerator / c)
            value *= c * d
        if abs(c * d - 1) < _EPSILON:
            break
    return value


def gamma_share(a: float, x: float) -> float:
    """The regularised incomplete gamma function P(a, x): the share of a gamma distribution that lies below x."""
    if x <= 0:
        return 0.0
    front = exp(a * log(x) - x - lgamma(a))
    if x >= a + 1:
        return 1 - front * _gamma_fraction(a, x)
    term = total = 1 / a
    for k in range(1, _STEPS):
        term *= x / (a + k)
        total += term
        if term < total * _EPSILON:
            break
    return front * total


def _gamma_fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / _away(b)
    value = d
    for k in range(1, _STEPS):
        numerator, b = k * (a - k), b + 2
        d = 1 / _away(numerator * d + b)
        c = _away(b + numerator / c)
        value *= c * d
        if abs(c * d - 1) < _EPSILON:
            break
    return value


def _away(value: float) -> float:
    """Away from zero, so that the continued fraction can go on."""
    return value if abs(value) > _TINY else _TINY


def beta_quantile(share: float, a: float, b: float) -> float:
    """The x below which so much of a beta distribution lies."""
    return solve(lambda x: beta_share(a, b, x) - share, 0.0, 1.0)


def gamma_quantile(share: float, a: float) -> float:
    """The x below which so much of a gamma distribution (scale 1) lies."""
    high = a + 1.0
    while gamma_share(a, high) < share:
        high *= 2
    return solve(lambda x: gamma_share(a, x) - share, 0.0, high)


def student_quantile(share: float, freedom: float) -> float:
    """The t below which so much of Student's distribution lies."""
    if share == 0.5:
        return 0.0
    if share < 0.5:
        return -student_quantile(1 - share, freedom)
    x = beta_quantile(2 * (1 - share), freedom / 2, 0.5)
    return sqrt(freedom * (1 - x) / x) if x > 0 else inf


def solve(rising: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function is zero, between two ends: interpolated, and never slower than halving by much.

    I. F. D. Oliveira and R. H. C. Takahashi (2020), An enhancement of the bisection method average performance.
    """
    at_low, at_high = rising(low), rising(high)
    if at_low >= 0 or at_high <= 0:
        return low if at_low >= 0 else high
    slowness, radius = 0.2 / (high - low), (high - low) / 2 * 2.0  # one step more than halving has
    for _ in range(_HALVINGS):
        middle, half = (low + high) / 2, (high - low) / 2
        if half <= _NEAR * abs(middle):
            break
        straight = (at_high * low - at_low * high) / (at_high - at_low)
        inward = copysign(min(slowness * (high - low) ** 2, abs(middle - straight)), middle - straight)
        allowed = max(0.0, radius - half)
        x = min(max(straight + inward, middle - allowed), middle + allowed)
        radius /= 2
        found = rising(x)
        if found == 0:
            return x
        low, at_low, high, at_high = (x, found, high, at_high) if found < 0 else (low, at_low, x, found)
    return (low + high) / 2
