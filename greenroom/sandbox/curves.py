"""How a post grows: pure functions from (curve, age) to cumulative counters.

Final views are heavy-tailed (lognormal with a Pareto tail), growth is fast at first and saturates, follows the hours of
the day, and sometimes comes back in a second wave; two in three posts keep a slow tail. Every counter is a
non-decreasing integer and stands still after 365 days.
"""

from dataclasses import dataclass
from math import exp, log1p, pi, sin
from typing import NamedTuple

from greenroom.sandbox import chance

DAY = 86_400
FROZEN_AFTER = 365 * DAY
LONGEST_LIST = 90
LIKE_RATES = (0.019, 0.245)
_TURN = 2 * pi
_LONGEST = log1p(FROZEN_AFTER / DAY)


@dataclass(frozen=True, slots=True)
class Curve:
    """The fate of one post. Times in days, rates as fractions of views, watching in seconds."""

    views: float
    tau: float
    stretch: float
    wave: float
    wave_at: float
    wave_tau: float
    tail: float
    rhythm: float
    phase: float
    like: float
    comment: float
    share: float
    favorite: float
    reach: float
    follow: float
    visit: float
    duration: float
    floor: float
    decay: float

    @property
    def completion(self) -> float:
        """Share of plays that reach the last second."""
        return round(self.watching(self.duration), 4)

    @property
    def average_watch(self) -> float:
        """Mean seconds watched per play: the area under the retention curve."""
        area = self.floor * self.duration + (1 - self.floor) * self.decay * (1 - exp(-self.duration / self.decay))
        return round(area, 2)

    def watching(self, second: float) -> float:
        """Share of plays still watching at a second."""
        return self.floor + (1 - self.floor) * exp(-second / self.decay)


class Counters(NamedTuple):
    """Lifetime totals of a post at one moment."""

    views: int
    likes: int
    comments: int
    shares: int
    favorites: int
    reach: int
    watched: int
    new_followers: int
    profile_views: int


def draw(*key: object, followers: int, views: float | None = None) -> Curve:
    """The curve that belongs to a key, for an account of a size; `views` fixes the final views."""
    u = chance.draws("curve", *key)
    v = chance.draws("rates", *key)
    if views is None:
        views = 12 * max(followers, 20) ** 0.72 * exp(1.05 * chance.normal(u[0]) - 0.35)
        views *= min((1 - u[2]) ** -0.8, 400.0) if u[1] > 0.955 else 1.0
    has_wave = u[3] > 0.78
    duration = round(min(7 + 26 * exp(0.7 * chance.normal(u[4])) * 0.6, 180.0), 3)
    return Curve(
        views=min(max(views, 24.0), 3e8),
        tau=0.35 + 3.2 * u[5] ** 1.6,
        stretch=chance.between(0.55, 0.95, u[6]),
        wave=chance.between(0.15, 0.55, u[7]) if has_wave else 0.0,
        wave_at=chance.between(2.5, 24.0, u[8]),
        wave_tau=chance.between(0.6, 2.5, u[9]),
        tail=max(0.0, 0.3 * (u[12] - 0.35)),
        rhythm=chance.between(0.25, 0.75, u[10]),
        phase=_TURN * u[11],
        like=min(max(0.068 * exp(0.55 * chance.normal(v[0])), LIKE_RATES[0]), LIKE_RATES[1]),
        comment=min(0.0024 * exp(0.8 * chance.normal(v[1])), 0.02),
        share=min(0.0031 * exp(0.9 * chance.normal(v[2])), 0.03),
        favorite=min(0.0065 * exp(0.8 * chance.normal(v[3])), 0.05),
        reach=chance.between(0.74, 0.95, v[4]),
        follow=0.0009 * exp(0.8 * chance.normal(v[5])),
        visit=0.006 * exp(0.5 * chance.normal(v[6])),
        duration=duration,
        floor=chance.between(0.02, 0.16, v[7]),
        decay=duration * chance.between(0.16, 0.55, v[8]),
    )


def growth(curve: Curve, age: float) -> float:
    """Share of the final views reached at an age in seconds: from 0, never falling, at most 1."""
    if age <= 0:
        return 0.0
    days = min(age, FROZEN_AFTER) / DAY
    busy = days + curve.rhythm * (sin(_TURN * days + curve.phase) - sin(curve.phase)) / _TURN
    reached = 1 - exp(-((max(busy, 0.0) / curve.tau) ** curve.stretch))
    if curve.wave:
        late = days - curve.wave_at
        again = 1 - exp(-((late / curve.wave_tau) ** 1.4)) if late > 0 else 0.0
        reached = reached * (1 - curve.wave) + again * curve.wave
    return reached * (1 - curve.tail) + curve.tail * log1p(days) / _LONGEST


def counters(curve: Curve, age: float) -> Counters:
    """Lifetime totals at an age in seconds. Likes keep their rate; people comment early, share and save late."""
    reached = growth(curve, age)
    total = curve.views
    views = total * reached
    return Counters(
        views=int(views),
        likes=int(views * curve.like),
        comments=int(total * curve.comment * reached**0.92),
        shares=int(total * curve.share * reached**1.1),
        favorites=int(total * curve.favorite * reached**1.05),
        reach=int(int(views) * curve.reach),
        watched=int(int(views) * curve.average_watch),
        new_followers=int(views * curve.follow),
        profile_views=int(views * curve.visit),
    )


def retention(curve: Curve, *key: object) -> list[tuple[int, float]]:
    """(second, share still watching), falling; TikTok leaves some seconds out, and so do we."""
    gaps = chance.digest("gaps", *key)
    shares = _by_second(curve, LONGEST_LIST)
    return [
        (second, round(share, 4))
        for second, share in enumerate(shares)
        if second < 3 or gaps[second % 64] ^ second > 12
    ]


def liking(curve: Curve, *key: object) -> list[tuple[int, float]]:
    """(second, share of all likes given there), adding up to 1."""
    bytes_ = chance.digest("liking", *key)
    weights = [(1 + bytes_[second]) * share for second, share in enumerate(_by_second(curve, 30))]
    scale = 10_000 / sum(weights)
    parts = [int(weight * scale) for weight in weights]
    parts[0] += 10_000 - sum(parts)
    return [(second, part / 10_000) for second, part in enumerate(parts) if part]


def _by_second(curve: Curve, most: int) -> list[float]:
    """`watching` at each whole second of the post."""
    shares, left, step = [], 1 - curve.floor, exp(-1 / curve.decay)
    for _ in range(min(int(curve.duration), most) + 1):
        shares.append(curve.floor + left)
        left *= step
    return shares
