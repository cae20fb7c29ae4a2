"""What the palette finds: pages, creators, articles and actions that hold every word typed, for this member."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from greenroom.core import web
from greenroom.core.access import Can
from greenroom.core.models import Member
from greenroom.creators.models import Account, Label, List
from greenroom.help import articles, search
from greenroom.imports.models import Import
from greenroom.pages import places
from greenroom.pages.links import Links

SHOWN = 6  # of each kind


@dataclass(frozen=True)
class Entry:
    """One thing found. `theme` is set where choosing it changes the theme instead of leading somewhere."""

    icon: str
    pieces: tuple[tuple[str, bool], ...]
    note: str = ""
    href: str = ""
    keys: tuple[str, ...] = ()
    theme: str = ""
    dialog: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Group:
    """Entries under a heading."""

    label: str
    entries: list[Entry] = field(default_factory=list)


def find(member: Member, asked: str, *, theme: str) -> list[Group]:
    """Groups with something in them; for an empty question the pages and actions. `theme` is the one in force."""
    words = re.findall(r"[\w'.-]+", asked.lower().replace("@", " "))
    groups = [
        Group(_("Jump to"), [*_pages(member, words), *_accounts(member, words), *_kept(member, words)]),
        Group(_("Do"), [*_actions(member, words), *_switches(words, theme)]),
        Group(_("Read"), list(_articles(member, asked, words))),
    ]
    return [group for group in groups if group.entries]


def fits(text: str, words: list[str]) -> bool:
    """Does every word begin a word of the text? Pure."""
    told = re.findall(r"[\w'.-]+", text.lower())
    return all(any(one.startswith(word) for one in told) for word in words)


def _pages(member: Member, words: list[str]) -> Iterator[Entry]:
    for one in places.PAGES:
        href = places.address(one, member)
        if href and fits(f"{one.label} {one.words}", words):
            pieces = search.pieces(str(one.label), words)
            yield Entry(one.icon, pieces, href=href, keys=tuple(one.keys.split()))


def _actions(member: Member, words: list[str]) -> Iterator[Entry]:
    for one in places.ACTIONS:
        href = places.address(one, member)
        if href and fits(f"{one.label} {one.words}", words):
            yield Entry(one.icon, search.pieces(str(one.label), words), href=href)


def _switches(words: list[str], theme: str) -> Iterator[Entry]:
    names = {"light": _("Light theme"), "dark": _("Dark theme"), "system": _("Theme of the system")}
    for mode in web.THEMES:
        if mode != theme and words and fits(f"{names[mode]} {_('Switch theme')}", words):
            yield Entry("theme", search.pieces(names[mode], words), _("Switch theme"), theme=mode)
    shortcuts = _("Keyboard shortcuts")
    if fits(shortcuts, words):
        yield Entry("keyboard", search.pieces(shortcuts, words), keys=("?",), dialog="keys")


def _accounts(member: Member, words: list[str]) -> Iterator[Entry]:
    """Accounts by handle, creator or display name; those whose handle begins as asked come first."""
    if not words or Can.CREATORS_READ not in member.permissions:
        return
    links = Links.of(member.workspace)
    holds = Q()
    for word in words:
        holds &= Q(handle__icontains=word) | Q(creator__name__icontains=word) | Q(display_name__icontains=word)
    first = Case(When(handle__istartswith=words[0], then=Value(0)), default=Value(1), output_field=IntegerField())
    found: Any = Account.objects.within(member.workspace).filter(holds).select_related("creator")
    for one in found.annotate(first=first).order_by("first", "handle")[:SHOWN]:
        plain = "" if one.creator.name == one.handle else "%(name)s"
        note = _("%(name)s, brand-owned") if one.purpose == Account.Purpose.BRAND else plain
        pieces = search.pieces(f"@{one.handle}", words)
        yield Entry("user", pieces, note % {"name": one.creator.name}, links.profile(one))


def _kept(member: Member, words: list[str]) -> Iterator[Entry]:
    """Labels and lists, each leading to the creators in it; imports by the name of their file."""
    if not words:
        return
    creators = reverse("creators", args=[member.workspace.slug])
    ways: list[tuple[Any, str, str, str, str, Can]] = [
        (Label.objects.within(member.workspace), "name", "tag", _("Label"), "?label={}", Can.CREATORS_READ),
        (List.objects.within(member.workspace), "name", "grid", _("List"), "?list={}", Can.CREATORS_READ),
        (Import.objects.within(member.workspace), "file_name", "upload", _("Import"), "", Can.IMPORTS_RUN),
    ]
    for rows, field_name, icon, note, query, needs in ways:
        if needs not in member.permissions:
            continue
        holds = [Q(**{f"{field_name}__icontains": word}) for word in words]
        for pk, name in rows.filter(*holds).order_by(field_name).values_list("pk", field_name)[:SHOWN]:
            href = creators + query.format(pk) if query else reverse("import", args=[member.workspace.slug, pk])
            yield Entry(icon, search.pieces(name, words), note, href)


def _articles(member: Member, asked: str, words: list[str]) -> Iterator[Entry]:
    for hit in search.search(articles.of("staff").values(), asked)[:SHOWN]:
        href = reverse("help_article", args=[member.workspace.slug, hit.article.slug])
        yield Entry("help", search.pieces(hit.article.title, words), _("Help"), href, lang="en")
