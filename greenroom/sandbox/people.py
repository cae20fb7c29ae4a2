"""Who lives in the world: accounts as a pure function of (seed, index), and their audiences."""

import re
from dataclasses import dataclass
from math import exp

from greenroom.sandbox import chance

FIRST = (
    "mira", "leo", "nina", "kofi", "ada", "juno", "theo", "suki", "ravi", "elin", "noor", "pablo", "zuri", "hana",
    "luca", "maya", "finn", "iris", "omar", "tess", "koji", "vera", "amos", "lila", "nico", "yara", "hugo", "esme",
    "joss", "dina", "remy", "kaia", "otto", "sana", "eli", "wren", "arlo", "gia", "milo", "inez", "beau", "cleo",
    "ziad", "runa", "ivo", "lotte", "enzo", "pia", "rosa", "bram", "jade", "sol", "ruben", "nell", "tomo", "ania",
    "viggo", "fleur", "idris", "mei", "cass",
)  # fmt: skip
TOPIC = (
    "bakes", "runs", "knits", "sews", "paints", "cooks", "climbs", "reads", "draws", "films", "dances", "gardens",
    "travels", "skates", "codes", "lifts", "hikes", "crafts", "thrifts", "brews", "builds", "sketches", "sings",
    "drums", "surfs", "sails", "rides", "fixes", "styles", "glazes", "folds", "forages", "dives", "weaves", "edits",
    "plays", "designs", "camps", "carves", "teaches", "throws", "repairs", "maps",
)  # fmt: skip
COUNTRIES = (
    ("US", "USD", 26), ("GB", "GBP", 12), ("BR", "BRL", 8), ("ID", "IDR", 8), ("DE", "EUR", 7), ("FR", "EUR", 7),
    ("JP", "JPY", 5), ("MY", "MYR", 4), ("PH", "PHP", 5), ("TH", "THB", 4), ("VN", "VND", 4), ("ES", "EUR", 4),
    ("IT", "EUR", 4), ("AU", "AUD", 3), ("CA", "CAD", 4), ("SG", "SGD", 2), ("KR", "KRW", 2), ("AE", "AED", 2),
)  # fmt: skip
AGES = ("18-24", "25-34", "35-44", "45-54", "55+")
CITIES = {
    "US": ("New York", "Los Angeles", "Chicago", "Houston", "Miami"), "GB": ("London", "Manchester", "Leeds",
    "Glasgow", "Bristol"),
    "DE": ("Berlin", "Hamburg", "München", "Köln", "Leipzig"), "FR": ("Paris", "Lyon", "Marseille", "Lille", "Nantes"),
    "BR": ("São Paulo", "Rio de Janeiro", "Recife", "Curitiba", "Salvador"),
}  # fmt: skip
LABELS = (
    ("11001001", "Food"), ("11002002", "Beauty"), ("11003004", "Fitness"), ("11004001", "Travel"), ("11005003",
    "Crafts"),
    ("11006002", "Gaming"), ("11007001", "Fashion"), ("11008005", "Education"),
)  # fmt: skip
INDUSTRIES = (
    ("14000000000", "Consumer goods"),
    ("15000000000", "Apparel"),
    ("22000000000", "Sports"),
    ("27000000000", "Travel"),
)
_HANDLE = re.compile(r"([a-z]+)\.([a-z]+)(\d*)")
_BLOCK = len(FIRST) * len(TOPIC)
_STEP = 1_597


@dataclass(frozen=True, slots=True)
class Account:
    """One TikTok account as it was at the beginning of the world. `followers` is the count then; `growth` per day.

    `adult` is 18 or older, `suitable` means content for audiences of 13 and up.
    """

    index: int
    handle: str
    display_name: str
    country: str
    currency: str
    followers: int
    following: int
    growth: float
    phase: float
    business: bool
    verified: bool
    in_marketplace: bool
    analytics_days: int
    label: int
    price: int
    adult: bool = True
    suitable: bool = True

    @property
    def bio(self) -> str:
        return f"{self.display_name} {LABELS[self.label][1].lower()} and small joys. {self.country}"


FIXTURES = (
    # handle, name, country, currency, followers, business, in the marketplace, label, price
    ("ana", "Ana", "US", "USD", 48_200, False, True, 0, 620),
    ("ben", "Ben", "US", "USD", 12_900, False, False, 2, 180),
    ("cyd", "Cyd", "US", "USD", 231_000, False, True, 1, 2_400),
    ("dov", "Dov", "DE", "EUR", 3_450, False, False, 3, 60),
    ("brandco", "Brandco", "GB", "GBP", 61_300, True, False, 6, 0),
)


def account(seed: int, index: int) -> Account:
    """The account at an index; the same for the same seed, for ever."""
    u = chance.draws("account", seed, index)
    if index < len(FIXTURES):
        handle, name, country, currency, followers, business, member, label, price = FIXTURES[index]
        return Account(
            index, handle, name, country, currency, followers, int(80 + 900 * u[0]), chance.between(0.001, 0.004, u[1]),
            6.28 * u[2], business, business, member, 400, label, price,
        )  # fmt: skip
    country, currency = _country(u[3])
    followers = int(min(6_500 * exp(1.7 * chance.normal(u[4])) * (1 - u[5]) ** -0.25, 9e7))
    return Account(
        index=index,
        handle=handle_of(index),
        display_name=_display_name(index),
        country=country,
        currency=currency,
        followers=max(followers, 12),
        following=int(20 + 1_400 * u[0] ** 2),
        growth=chance.between(0.0002, 0.006, u[1] ** 2),
        phase=6.28 * u[2],
        business=u[6] < 0.10,
        verified=u[6] < 0.05,
        in_marketplace=u[7] < 0.60,
        analytics_days=int(5 + 50 * u[8]) if u[9] < 0.2 else 400,
        label=int(u[10] * len(LABELS)),
        price=int(20 + followers**0.62 * chance.between(0.6, 1.8, u[11])),
        adult=u[12] > 0.03,
        suitable=u[13] > 0.02,
    )


def handle_of(index: int) -> str:
    """Handles beyond the fixtures: first name, hobby and, when the pairs run out, a number."""
    if index < len(FIXTURES):
        return FIXTURES[index][0]
    first, topic, number = _parts(index)
    return f"{FIRST[first]}.{TOPIC[topic]}{number + 1 if number else ''}"


def index_of(handle: str) -> int | None:
    """The index behind a handle, or None when nobody can have that handle."""
    for index, fixture in enumerate(FIXTURES):
        if fixture[0] == handle:
            return index
    match = _HANDLE.fullmatch(handle)
    if match is None or match[1] not in FIRST or match[2] not in TOPIC:
        return None
    number = int(match[3]) - 1 if match[3] else 0
    place = FIRST.index(match[1]) * len(TOPIC) + TOPIC.index(match[2])
    index = len(FIXTURES) + number * _BLOCK + place * pow(_STEP, -1, _BLOCK) % _BLOCK
    return index if handle_of(index) == handle else None


def _parts(index: int) -> tuple[int, int, int]:
    number, rest = divmod(index - len(FIXTURES), _BLOCK)
    place = rest * _STEP % _BLOCK
    return place // len(TOPIC), place % len(TOPIC), number


def _display_name(index: int) -> str:
    first, topic, _ = _parts(index)
    return f"{FIRST[first].title()} {TOPIC[topic]}"


def _country(u: float) -> tuple[str, str]:
    left = u * sum(weight for _, _, weight in COUNTRIES)
    for country, currency, weight in COUNTRIES:
        left -= weight
        if left <= 0:
            return country, currency
    return COUNTRIES[0][0], COUNTRIES[0][1]
