"""Template words of the design language. Builtin: no `{% load %}` needed.

Text      {% icon "key" %} {% icon "key" "sm" %}   {% mark %} (logo)   {% bulb "full" %} (full part none calc stale)
Figures   {% figure fig "Followers" href %} value and bulb      {% figure fig "Rate" href "percent" %}
          {% value fig "percent" %} the value or a dash          {% prov fig "Followers" href %} the bulb alone
          {% stat fig "Followers" href unit="percent" note="…" %} a cell of <dl class="stats">
Accounts  {% tag_auth account %} {% tag_market account %} {% bulbs cells %} {% status "live" "On time" %}
          {% avatar "Ana B" %}
Lists     {% th "Followers" "followers" cls="n" %} a sortable header   {% pager page %}   {% chips chips %}
Forms     {% field form.email %}   {% field form.note hint="…" %}
Charts    {% chart spec "What it shows, as a sentence" table %}
Rail      {% rail_link "creators" "people" "Creators" %}
Filters   |num |percent |short |when |duration |reason

A *fig* is anything with `.value .state .reason .as_of .n .of` (see `metrics.figure.Figure`). No value means a dash and
the reason, never 0. `href` is the figure's passport page; without script it is an ordinary link, with script its
`#passport` part opens beside the figure.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from greenroom.core import formats, reasons, web

register = template.Library()
register.filter("num", formats.num)
register.filter("percent", formats.percent)
register.filter("short", formats.short)
register.filter("duration", formats.duration)
register.filter("reason", reasons.words)


@register.filter
def when(value: datetime | date | None) -> str:
    """A time as `<time>`, whose title names the time zone; a date as plain text."""
    if not isinstance(value, datetime):
        return formats.when(value)
    title = timezone.get_current_timezone_name()
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), title, formats.when(value))


# A figure's state -> its bulb, and what a bulb says aloud.
BULBS = {"full": "full", "limited": "part", "partial": "part", "derived": "calc", "entered": "entered", "none": "none"}
BULB_WORDS = {
    "full": "available",
    "part": "partly available",
    "none": "not available",
    "calc": "calculated by Greenroom",
    "entered": "entered by people of this workspace",
    "stale": "older than expected",
}


@cache
def _sprite() -> str:
    return static("sprite.svg")


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """One drawn icon; `size` is "sm" or "lg". Always decorative: put words beside it or an aria-label on its button."""
    sized = format_html(' data-size="{}"', size) if size else ""
    return format_html('<svg class="icon"{} aria-hidden="true"><use href="{}#i-{}"/></svg>', sized, _sprite(), name)


@register.simple_tag
@cache
def bulb(shape: str) -> SafeString:
    """An availability bulb without words; the words stand beside it."""
    return format_html('<svg class="bulb" aria-hidden="true"><use href="{}#b-{}"/></svg>', _sprite(), shape)


@register.simple_tag
@cache
def mark() -> SafeString:
    """The logo: a bulb board that spells G."""
    return SafeString(render_to_string("core/parts/mark.html"))


def _shape(fig: Any) -> str:
    return "none" if fig.value is None else BULBS.get(fig.state, "full")


def _says(fig: Any, label: str) -> str:
    """ "Followers: available. As of 12 Mar, 14:05 UTC." """
    parts = [f"{label}: {BULB_WORDS[_shape(fig)]}."]
    if fig.value is None or fig.reason:
        parts.append(reasons.words(fig.reason))
    if fig.of and fig.n != fig.of:
        parts.append(f"Covers {fig.n} of {fig.of}.")
    if fig.as_of:
        parts.append(f"As of {formats.when(fig.as_of)}.")
    return " ".join(parts)


def _hover(fig: Any) -> str:
    """What the figure is, and numerator and denominator with numbers where it has them (MET-10)."""
    told = getattr(fig, "definition", "")
    if getattr(fig, "top", None) is None or fig.bottom is None:
        return told
    return f"{told} {formats.num(fig.top)} ÷ {formats.num(fig.bottom)}".strip()


@register.simple_tag
def value(fig: Any, unit: str = "") -> SafeString:
    """The value in `unit` ("", "percent", "seconds"), or a dash. A dash must stand beside `{% prov %}`."""
    if fig.value is None:
        return SafeString('<span class="muted" aria-hidden="true">–</span>')
    return escape(formats.by_unit(fig.value, unit))


@register.simple_tag
def prov(fig: Any, label: str, href: str = "") -> SafeString:
    """The bulb of a figure: opens its passport at `href`. Without `href` the bulb only says what it means.

    On hover it tells the figure's definition and numerator and denominator with numbers.
    """
    shape, says = _shape(fig), _says(fig, label)
    # Written out rather than by `format_html`: a list has hundreds of these, and escaping twice costs as much again.
    hover = escape(_hover(fig) or says)
    says, href = escape(says), escape(href)
    if not href:
        return SafeString(f'<span class="na" title="{hover}">{bulb(shape)}<span class="vh">{says}</span></span>')
    return SafeString(
        f'<a class="prov" data-a="{shape}" href="{href}" hx-get="{href}" hx-target="#prov" aria-label="{says}" '
        f'title="{hover}">{bulb(shape)}</a>'
    )


@register.simple_tag
def figure(fig: Any, label: str, href: str = "", unit: str = "") -> SafeString:
    """Value and bulb, side by side, for tables and running text."""
    return SafeString(f'<span class="nowrap">{value(fig, unit)} {prov(fig, label, href)}</span>')


@register.simple_tag
def stat(fig: Any, label: str, href: str = "", unit: str = "", note: str = "") -> SafeString:
    """A cell of `<dl class="stats">`: label and bulb, the figure, one line under it (by default reason or coverage)."""
    if not note and fig.value is None:
        note = reasons.words(fig.reason)
    elif not note and fig.of and fig.n != fig.of:
        note = f"{fig.n} of {fig.of}"
    line = format_html('<dd class="d">{}</dd>', note) if note else ""
    return format_html(
        '<div class="stat"><dt>{} {}</dt><dd class="v">{}</dd>{}</div>',
        label, prov(fig, label, href), value(fig, unit), line,
    )  # fmt: skip


@register.simple_tag
def tag_auth(account: Any) -> SafeString:
    """Authenticated or not, with the key."""
    return _tag_auth(bool(account.authenticated))


@cache
def _tag_auth(authenticated: bool) -> SafeString:
    tone, word = ("good", "Authenticated") if authenticated else ("off", "Not authenticated")
    return format_html('<span class="tag" data-tone="{}">{}{}</span>', tone, icon("key"), word)


@register.simple_tag
def tag_market(account: Any) -> SafeString:
    """`Marketplace` or `Non-TTCM`, exactly these words (ACC-12)."""
    if account.in_marketplace:
        return format_html('<span class="tag" data-tone="line">{}Marketplace</span>', icon("store"))
    return SafeString('<span class="tag" data-tone="off">Non-TTCM</span>')


@register.simple_tag
def bulbs(cells: Iterable[str]) -> SafeString:
    """The coverage row: one dot per account metric in the table's order; `cells` are levels (full, limited, none)."""
    return _bulbs(tuple(cells))


@lru_cache(maxsize=256)
def _bulbs(cells: tuple[str, ...]) -> SafeString:
    shapes = [BULBS.get(cell, cell) for cell in cells]
    full, part = shapes.count("full"), shapes.count("part")
    says = f"{full} of {len(shapes)} metrics available" + (f", {part} partly" if part else "")
    dots = format_html_join("", '<i data-a="{}"></i>', ((shape,) for shape in shapes))
    return format_html('<span class="bulbs" role="img" aria-label="{}">{}</span>', says, dots)


@register.simple_tag
def status(state: str, text: str) -> SafeString:
    """A word with its shape: "" planned, "wait" waiting or late, "live", "done", "bad" failed."""
    return format_html('<span class="status" data-s="{}">{}</span>', state, text)


@register.simple_tag
@lru_cache(maxsize=4096)
def avatar(name: str, size: str = "", square: bool = False) -> SafeString:
    """Initials on a colour that stays the same for the same name."""
    words = [word for word in name.replace(".", " ").replace("_", " ").lstrip("@").split() if word]
    initials = ("".join(word[0] for word in words[:2]) if len(words) > 1 else "".join(words)[:2]).upper()
    extra = (format_html(' data-size="{}"', size) if size else "") + (" data-square" if square else "")
    return format_html(
        '<span class="avatar" data-hue="{}"{} aria-hidden="true">{}</span>',
        crc32(name.encode()) % 6 + 1, mark_safe(extra), initials,  # noqa: S308 - built from escaped parts above
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def th(context: template.Context, label: str, key: str, cls: str = "", first: str = "desc") -> SafeString:
    """A table header that sorts by `?sort=key` or `?sort=-key`; `first` is the direction of the first click.

    `sort` in the context is the order when the address names none.
    """
    query = context["request"].GET
    now: str = query.get("sort") or context.get("sort") or ""
    down, up = f"-{key}", key
    sort = {down: "descending", up: "ascending"}.get(now, "")
    then = {down: up, up: down}.get(now, down if first == "desc" else up)
    arrow = "arrow-up" if sort == "ascending" or (not sort and first != "desc") else "arrow-down"
    return format_html(
        '<th scope="col" class="{}"{}><a class="sort" href="{}">{}{}</a></th>',
        cls, format_html(' aria-sort="{}"', sort) if sort else "", web.address(query, sort=then), label, icon(arrow),
    )  # fmt: skip


@register.inclusion_tag("core/parts/pager.html", takes_context=True)
def pager(context: template.Context, page: "Page[Any]", name: str = "Pages") -> dict[str, Any]:
    """ "1 to 50 of 1,204" and links to the pages, keeping the rest of the query string."""
    query = context["request"].GET
    span = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [(n, web.turned(query, n) if isinstance(n, int) else "") for n in span]
    before = web.turned(query, page.number - 1) if page.has_previous() else ""
    after = web.turned(query, page.number + 1) if page.has_next() else ""
    return {"page": page, "name": name, "links": links, "before": before, "after": after}


@register.inclusion_tag("core/parts/chips.html", takes_context=True)
def chips(context: template.Context, chips: Sequence[web.Chip], clear: str = "") -> dict[str, Any]:
    """The filters in force, each removable; "Clear all" (to `clear`, or the bare page) when there are two or more."""
    return {"chips": chips, "clear": clear or context["request"].path}


@register.inclusion_tag("core/parts/field.html")
def field(bound: BoundField, hint: str | None = None, label: str = "") -> dict[str, Any]:
    """A labelled form field with its hint (by default its help text) and its errors, wired for a screen reader."""
    bound.label = label or bound.label
    text = bound.help_text if hint is None else hint
    # The label above says it; a placeholder would say it again, and vanish.
    bound.field.widget.attrs.pop("placeholder", None)
    ids = [f"{bound.auto_id}_hint"] if text else []
    ids += [f"{bound.auto_id}_error"] if bound.errors else []
    extra: dict[str, str | bool] = {"aria-describedby": " ".join(ids)} if ids else {}
    if bound.errors:
        extra["aria-invalid"] = "true"
    kind = getattr(bound.field.widget, "input_type", "")
    extra["class"] = "box" if kind in {"checkbox", "radio"} else "input"
    widget = bound.as_widget(attrs=extra)
    return {"field": bound, "widget": widget, "hint": text, "kind": kind}


@register.inclusion_tag("core/parts/chart.html")
def chart(spec: Mapping[str, Any], title: str, table: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A Vega-Lite chart. `title` is the sentence that says the finding; `table` = {"head": […], "rows": [[…], …]}.

    Leave out "$schema", "config" and "width": the theme and the container give them. Without script the table is shown.
    """
    # Single quotes outside, so that the JSON's own quotes can stay readable (and small) in the attribute.
    text = str(escape(json.dumps(spec, separators=(",", ":"), default=str, ensure_ascii=False))).replace("&quot;", '"')
    safe = mark_safe(text)  # noqa: S308 - escaped on the line above
    return {"spec": safe, "title": title, "table": table, "height": spec.get("height")}


@register.simple_tag(takes_context=True)
def rail_link(
    context: template.Context, name: str, shape: str, label: str, count: Any = "", came_from: str = ""
) -> SafeString:
    """A line of the rail, shown only to members whose role may open the page, which is told where one `came_from`."""
    href = reverse(name, args=[context["workspace"].slug])
    needs = getattr(resolve(href).func, "needs", None)
    if needs is None:
        raise PermissionDenied(f"{name} declares no permission")
    if needs not in context["member"].permissions:
        return SafeString("")
    path = context["request"].path
    # Home is the workspace's root, so every page would stand under it.
    here = path == href or (path.startswith(href) and href.count("/") > 3)
    return format_html(
        '<li><a href="{}{}"{}>{}{}{}</a></li>',
        href, f"?page={came_from}" if came_from and not here else "",
        SafeString(' aria-current="page"') if here else "", icon(shape), label,
        format_html('<span class="count">{}</span>', count) if count != "" else "",
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def tab_link(context: template.Context, name: str, label: str) -> SafeString:
    """A tab that is a page of the workspace, shown only to members whose role may open it."""
    href = reverse(name, args=[context["workspace"].slug])
    if getattr(resolve(href).func, "needs", None) not in context["member"].permissions:
        return SafeString("")
    return format_html(
        '<li><a href="{}"{}>{}</a></li>',
        href,
        SafeString(' aria-current="page"') if context.get("tab") == name else "",
        label,
    )
