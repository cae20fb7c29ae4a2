"""Who watches: audience distributions of an account and of a post. Fractions of 1 that add up to 1."""

from greenroom.sandbox import chance, people

GENDERS = ("Female", "Male", "Other")
SOURCES = ("For You", "Follow", "Sound", "Personal Profile", "Search", "Others", "Direct Message")
DEVICES = ("APPLE", "SAMSUNG", "XIAOMI", "OPPO", "MOTOROLA", "OTHER")
STATES = ("California", "Texas", "Florida", "New York", "Illinois")
Shares = list[tuple[str, float]]


def ages(*key: object) -> Shares:
    u = chance.draws("ages", *key)
    return chance.shares(
        people.AGES, [0.2 + u[0], 0.25 + u[1], 0.1 + 0.5 * u[2], 0.04 + 0.25 * u[3], 0.02 + 0.12 * u[4]]
    )


def genders(*key: object) -> Shares:
    u = chance.draws("genders", *key)
    female = chance.between(0.22, 0.82, u[0])
    return chance.shares(GENDERS, [female, 1 - female, 0.015 + 0.02 * u[1]])


def countries(home: str, *key: object) -> Shares:
    """At most ten, the home country first."""
    u = chance.draws("countries", home, *key)
    others = [country for country, _, _ in people.COUNTRIES if country != home]
    start = int(u[0] * len(others))
    names = (home, *(others[(start + 5 * n) % len(others)] for n in range(7)))
    return chance.shares(
        tuple(dict.fromkeys(names)), [1.6 + u[1], *(0.05 + u[n + 2] * 0.3 for n in range(len(set(names)) - 1))]
    )


def cities(home: str, *key: object) -> list[tuple[str, float]]:
    """Top cities; they cover a part of the audience, so they add up to less than 1."""
    u = chance.draws("cities", home, *key)
    names = people.CITIES.get(home, people.CITIES["US"])
    return [(name, round(chance.between(0.004, 0.09, u[n]) / (n + 1), 4)) for n, name in enumerate(names)]


def sources(*key: object) -> Shares:
    u = chance.draws("sources", *key)
    return chance.shares(
        SOURCES,
        [1.2 + 2 * u[0], 0.3 * u[1], 0.08 * u[2], 0.05 + 0.25 * u[3], 0.2 * u[4], 0.08 * u[5], 0.04 * u[6]],
    )


def devices(*key: object) -> Shares:
    u = chance.draws("devices", *key)
    return chance.shares(DEVICES, [0.5 + u[0], 0.4 * u[1], 0.2 * u[2], 0.12 * u[3], 0.06 * u[4], 0.1 * u[5] + 0.02])


def states(*key: object) -> Shares:
    u = chance.draws("states", *key)
    return chance.shares(STATES, [0.2 + u[n] for n in range(len(STATES))])


def kinds(*key: object) -> list[tuple[str, float]]:
    """Two independent pairs: new and returning viewers, followers and others."""
    u = chance.draws("kinds", *key)
    new, follower = round(chance.between(0.55, 0.93, u[0]), 4), round(chance.between(0.05, 0.5, u[1]), 4)
    return [
        ("NEW_VIEWER", new), ("RETURN_VIEWER", round(1 - new, 4)),
        ("FOLLOWER_PERCENT", follower), ("NON_FOLLOWER_PERCENT", round(1 - follower, 4)),
    ]  # fmt: skip


def hours(followers: int, *key: object) -> list[tuple[str, int]]:
    """How many followers were active in each hour of the day, UTC."""
    bytes_ = chance.digest("hours", *key)
    return [(str(hour), int(followers * (0.02 + bytes_[hour] / 1_400))) for hour in range(24)]
