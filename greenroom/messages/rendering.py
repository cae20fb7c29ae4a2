"""From a text with placeholders to what a creator reads. Pure, in one pass: what a placeholder is worth is never read
again, and nothing that looks like a placeholder leaves here.

`{{name}}` takes the value, `{{name|some words}}` these words where there is no value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from greenroom.campaigns.refusals import BadInput
from greenroom.messages.placeholders import BY_NAME

PLACEHOLDER = re.compile(r"\{\{[ \t]*([A-Za-z_]+)[ \t]*(?:\|([^{}|\n]*))?\}\}")
BRACES = re.compile(r"\{\{|\}\}")
# What a creator has to know to do the right thing (MSG-08), and the placeholders that tell it.
SHOULD_SAY = {"the dates": ("date_range", "due_date"), "the content type": ("content_type",)}


@dataclass(frozen=True)
class Rendered:
    """`text` is empty when something is missing: `missing` are placeholders without a value, in order.

    `braces`: a value or the text around it would leave braces of a placeholder behind.
    """

    text: str
    missing: tuple[str, ...] = ()
    braces: bool = False

    @property
    def fit(self) -> bool:
        return not self.missing and not self.braces


def names(text: str) -> list[str]:
    """The placeholders in a text, each once, in order."""
    return list(dict.fromkeys(found[1] for found in PLACEHOLDER.finditer(text)))


def check(text: str, *, field: str) -> None:
    """Raises BadInput for a placeholder that is not known, and for braces that are none."""
    unknown = [name for name in names(text) if name not in BY_NAME]
    if unknown:
        raise BadInput(f"There is no placeholder {{{{{unknown[0]}}}}}. The catalogue lists all.", field=field)
    if BRACES.search(PLACEHOLDER.sub("", text)):
        raise BadInput(
            "A placeholder is not closed or not spelled right. Write {{name}} or {{name|words}}.", field=field
        )


def render(text: str, values: Mapping[str, str]) -> Rendered:
    """The text with every placeholder replaced. A value that is absent or empty is missing."""
    missing: list[str] = []

    def worth(found: "re.Match[str]") -> str:
        value = values.get(found[1], "")
        if value:
            return value
        if found[2] is None:
            missing.append(found[1])
        return (found[2] or "").strip()

    told = lines(PLACEHOLDER.sub(worth, text))
    braces = bool(BRACES.search(told))
    unfit = bool(missing) or braces
    return Rendered("" if unfit else told, tuple(dict.fromkeys(missing)), braces)


def lines(text: str) -> str:
    """One kind of line end, and nothing that a mail or a database would lose."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def one_line(text: str) -> str:
    """A subject: no line ends, no runs of spaces."""
    return " ".join(text.split())


def unsaid(text: str) -> list[str]:
    """What creators have to know and the text does not tell by a placeholder."""
    told = set(names(text))
    return [what for what, ways in SHOULD_SAY.items() if not told & set(ways)]
