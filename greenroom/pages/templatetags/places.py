"""Words about where a member may go. Builtin: no `{% load %}` needed.

{% shortcuts as lines %} pages that keys lead to: (label, keys, address)
{% may_open href as open %} does this member's role open that page?
"""

from typing import Any

from django import template
from django.urls import resolve

from greenroom.pages import places

register = template.Library()


@register.simple_tag(takes_context=True)
def shortcuts(context: template.Context) -> list[tuple[Any, list[str], str]]:
    """(label, keys, address) of each page that keys lead to and this member may open."""
    return [(one.label, one.keys.split(), href) for one, href in places.keyed(context["member"])]


@register.simple_tag(takes_context=True)
def may_open(context: template.Context, href: str) -> bool:
    """Does this member's role open the page at `href`, an address of this site?"""
    needs = getattr(resolve(href.partition("#")[0]).func, "needs", None) if href else None
    return needs in context["member"].permissions
