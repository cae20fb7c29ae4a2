"""Countries by any of their names, as ISO 3166-1 alpha-2."""

import unicodedata
from functools import cache
from pathlib import Path

from greenroom.imports.refusals import BadValue

SEED = Path(__file__).parent / "seeds" / "countries.tsv"


def country(text: str) -> str:
    """The code of a country given by name, two or three letters: "Deutschland", "deu" and "DE" are "DE".

    Raises BadValue for what is no country.
    """
    if code := codes().get(_plain(text)):
        return code
    raise BadValue(f"“{text[:40]}” is no country; write its English name or its two-letter code, such as DE")


@cache
def codes() -> dict[str, str]:
    """Plain spelling -> alpha-2."""
    found: dict[str, str] = {}
    for line in SEED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, longer, name, others = line.split("\t")
            found.update({_plain(one): code for one in (code, longer, name, *others.split("|")) if one})
    return found


def _plain(text: str) -> str:
    """Without accents, case, dots and doubled spaces."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(bare.casefold().replace(".", "").replace("-", " ").split())
