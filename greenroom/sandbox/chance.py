"""Chance that is a pure function of its key, so that a world of any size can be computed where it is looked at."""

import struct
from hashlib import blake2b
from math import pi, sin
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
_WEEK = 2 * pi / 7
_inverse = NormalDist().inv_cdf


def digest(*key: object) -> bytes:
    """64 bytes that depend on every part of the key and on nothing else."""
    return blake2b(repr(key).encode(), digest_size=64).digest()


def draws(*key: object) -> tuple[float, ...]:
    """16 numbers evenly spread over the open interval 0 to 1."""
    return tuple((n + 0.5) / 4294967296.0 for n in struct.unpack("<16I", digest(*key)))


def normal(u: float) -> float:
    """A standard normal deviate from an even draw."""
    return _inverse(u)


def pick(options: tuple[T, ...], u: float) -> T:
    return options[int(u * len(options))]


def between(low: float, high: float, u: float) -> float:
    return low + (high - low) * u


def shares(names: tuple[str, ...], weights: list[float]) -> list[tuple[str, float]]:
    """Weights as fractions with four decimals that add up to exactly 1; zero shares are dropped."""
    total = sum(weights)
    parts = [round(10_000 * weight / total) for weight in weights]
    biggest = max(range(len(parts)), key=parts.__getitem__)
    parts[biggest] += 10_000 - sum(parts)
    return [(name, part / 10_000) for name, part in zip(names, parts, strict=True) if part > 0]


def ebb(days: float, phase: float) -> float:
    """A quantity that grows by about one a day, faster and slower through the week, and never falls."""
    return days + 0.5 * (sin(days * _WEEK + phase) - sin(phase)) / _WEEK
