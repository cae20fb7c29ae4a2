"""`{% help "inviting" %}`: a small link to the article that explains what is on the page. Builtin: no `{% load %}`."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from greenroom.core.templatetags.greenroom import icon
from greenroom.help import articles

register = template.Library()


@register.simple_tag(takes_context=True)
def help(context: template.Context, slug: str, words: str = "", anchor: str = "") -> SafeString:
    """A link to the article `slug`: "Learn more" and, for a screen reader, about what. Raises KeyError for none.

    Nothing on a creator's page when the article is for staff.
    """
    article = articles.everything()[slug]
    workspace = context.get("workspace")
    if not workspace and not article.for_creators:
        return SafeString("")
    href = reverse("help_article", args=[workspace.slug, slug]) if workspace else reverse("portal_article", args=[slug])
    more = format_html('<span class="vh">: {}</span>', article.title) if not words else ""
    return format_html(
        '<a class="learn" href="{}{}">{}{}{}</a>',
        href, f"#{anchor}" if anchor else "", icon("help", "sm"), words or gettext("Learn more"), more,
    )  # fmt: skip
