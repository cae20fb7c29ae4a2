"""Template words of the design language: icons, bulbs, tags, figures."""

from django import template

register = template.Library()
