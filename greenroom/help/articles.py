"""Articles: Markdown files with a head of `name: value` lines, read once and kept.

    ---
    title: Importing files
    summary: One sentence for lists and search.
    section: data            one of SECTIONS
    order: 2                 place within the section
    audience: staff          staff (the default), or creator for the portal
    pages: imports import_new    names of the pages this article explains
    related: data-availability   slugs
    live: foundations        what of the workspace's own state the page shows above the text
    ---

Links are written as `[words](article:slug)`, `[words](article:slug#heading)` and `[words](page:url-name)`; whoever
shows the article says where they lead.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.utils.html import escape
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token

FOLDER = Path(__file__).with_name("articles")
SECTIONS = {
    "start": _("First steps"),
    "creators": _("Creators and accounts"),
    "data": _("Figures and files"),
    "campaigns": _("Campaigns on TikTok"),
    "admin": _("Running Greenroom"),
    "creator": _("For creators"),
}
_LINK = re.compile(r'<a href="(article|page):([\w-]+)(#[\w-]+)?">(.*?)</a>', re.S)


class BadArticle(ValueError):
    """A file whose head lacks something, or names a section or heading that does not exist."""


@dataclass(frozen=True)
class Heading:
    """A second-level heading: its anchor and its words."""

    anchor: str
    text: str


@dataclass(frozen=True)
class Article:
    """One article. `html` still carries `article:` and `page:` links; `with_links` turns them into addresses."""

    slug: str
    title: str
    summary: str
    section: str
    order: int
    audience: str
    pages: tuple[str, ...]
    related: tuple[str, ...]
    live: str
    html: str
    headings: tuple[Heading, ...]
    text: str

    @property
    def for_creators(self) -> bool:
        return self.audience == "creator"

    @property
    def links(self) -> list[tuple[str, str, str]]:
        """(kind, target, anchor) of every link that leads to an article or a page."""
        return [(kind, target, anchor or "") for kind, target, anchor, _words in _LINK.findall(self.html)]

    def with_links(self, lead: Callable[[str, str], str]) -> str:
        """The HTML with addresses: `lead("article", slug)` or `lead("page", name)`; "" leaves the words alone."""

        def address(found: re.Match[str]) -> str:
            kind, target, anchor, words = found.groups()
            href = lead(kind, target)
            return f'<a href="{href}{anchor or ""}">{words}</a>' if href else words

        return _LINK.sub(address, self.html)


@cache
def everything() -> dict[str, Article]:
    """All articles by slug, in the order of their sections. Raises BadArticle."""
    found = [read(path.stem, path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.md")]
    places = list(SECTIONS)
    found.sort(key=lambda one: (places.index(one.section), one.order, one.title))
    return {one.slug: one for one in found}


def of(audience: str) -> dict[str, Article]:
    """The articles of staff or of creators."""
    return {slug: one for slug, one in everything().items() if one.audience == audience}


def about(page: str) -> list[Article]:
    """The articles that explain the page with this URL name."""
    return [one for one in everything().values() if page in one.pages]


def read(slug: str, source: str) -> Article:
    """One article from its file's text. Raises BadArticle."""
    head, body = _split(slug, source)
    missing = {"title", "summary", "section"} - set(head)
    if missing or head.get("section") not in SECTIONS:
        raise BadArticle(f"{slug}: {', '.join(sorted(missing)) or 'a section that does not exist'}")
    tokens = _markdown().parse(body)
    headings = _anchored(tokens)
    return Article(
        slug=slug,
        title=head["title"],
        summary=head["summary"],
        section=head["section"],
        order=int(head.get("order", "50")),
        audience=head.get("audience", "staff"),
        pages=tuple(head.get("pages", "").split()),
        related=tuple(head.get("related", "").split()),
        live=head.get("live", ""),
        html=_markdown().renderer.render(tokens, _markdown().options, {}),
        headings=headings,
        text=_plain(tokens),
    )


@cache
def _markdown() -> MarkdownIt:
    """No HTML in articles: what looks like it is shown as it was typed."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    # A wide table scrolls by itself, also by keyboard, instead of making the page wide.
    made.add_render_rule("table_open", _table_open)
    made.add_render_rule("table_close", lambda *_: "</table></div>")
    return made


def _table_open(renderer: RendererProtocol, tokens: Sequence[Token], place: int, *_: object) -> str:
    of = escape(tokens[place].meta["of"])
    frame = f'<div class="table-wrap" tabindex="0" role="region" aria-label="{of}" style="--edge:0px">'
    return f'{frame}<table class="table" data-plain>'


def _split(slug: str, source: str) -> tuple[dict[str, str], str]:
    parts = source.split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise BadArticle(f"{slug}: begins without a head between two lines of ---")
    lines = [line.partition(":") for line in parts[1].splitlines() if line.strip()]
    return {name.strip(): value.strip() for name, _colon, value in lines}, parts[2]


def _anchored(tokens: list[Token]) -> tuple[Heading, ...]:
    """Give second-level headings an id and tables the heading they stand under; returns the headings."""
    found = []
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            heading = Heading(slugify(inside.content), inside.content)
            opening.attrSet("id", heading.anchor)
            found.append(heading)
        if opening.type == "table_open":
            opening.meta["of"] = found[-1].text if found else "Table"
    return tuple(found)


def _plain(tokens: list[Token]) -> str:
    """The words alone, for search."""
    said = [child.content for token in tokens for child in token.children or () if child.content]
    return re.sub(r"\s+", " ", " ".join(said))
