"""Search over the articles' own texts: pure, and as good without a network as with one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from greenroom.help.articles import Article

_WORD = re.compile(r"[\w']+")
AROUND = 70  # characters of text shown on each side of a hit
# Where a word stands -> what it counts.
TITLE, HEADING, SUMMARY, TEXT = 12, 6, 4, 1


@dataclass(frozen=True)
class Hit:
    """One article found: `snippet` is the passage around the first word, as (text, is it a hit) pieces."""

    article: Article
    score: int
    snippet: tuple[tuple[str, bool], ...]


def search(articles: Iterable[Article], asked: str) -> list[Hit]:
    """The articles in which every word of `asked` begins some word, the best first; none for an empty question."""
    words = [word.lower() for word in _WORD.findall(asked)]
    if not words:
        return []
    found = [(_score(one, words), one) for one in articles]
    hits = [Hit(one, score, _snippet(one, words)) for score, one in found if score]
    return sorted(hits, key=lambda hit: (-hit.score, hit.article.title))


def pieces(text: str, words: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """`text` cut where one of `words` begins a word: ((piece, is it a hit), …)."""
    starts = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    if not starts:
        return ((text, False),)
    cut = re.split(rf"(?<!\w)({starts})", text, flags=re.I)
    return tuple((piece, place % 2 == 1) for place, piece in enumerate(cut) if piece)


def _score(article: Article, words: list[str]) -> int:
    places = (
        (TITLE, article.title),
        (HEADING, " ".join(heading.text for heading in article.headings)),
        (SUMMARY, article.summary),
        (TEXT, article.text),
    )
    told = [(weight, [word.lower() for word in _WORD.findall(text)]) for weight, text in places]
    each = [sum(weight * min(3, sum(t.startswith(word) for t in text)) for weight, text in told) for word in words]
    return sum(each) if all(each) else 0


def _snippet(article: Article, words: list[str]) -> tuple[tuple[str, bool], ...]:
    starts = "|".join(map(re.escape, words))
    found = re.search(rf"(?<!\w)(?:{starts})", article.text, re.I)
    if found is None:
        return pieces(article.summary, words)
    begin = max(0, found.start() - AROUND)
    end = min(len(article.text), found.end() + AROUND)
    # Whole words only, and an ellipsis where something was left out.
    begin = article.text.find(" ", begin) + 1 if begin else 0
    end = article.text.rfind(" ", begin, end) if end < len(article.text) else end
    text = article.text[begin:end]
    return pieces(("… " if begin else "") + text + (" …" if end < len(article.text) else ""), words)
