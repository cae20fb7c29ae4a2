"""Pages carry nothing inline and nothing foreign, and the answer's policy says so."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from tests.browser.pages import SCREENS

ROOT = Path(__file__).parents[2] / "greenroom"
TEMPLATES = sorted(ROOT.glob("**/templates/**/*.html"))
STATIC = ROOT / "core" / "static"

FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an on* attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "an evaluated htmx attribute": re.compile(r"\shx-(?:on[:\w-]*|vals=.js:|headers=.js:)", re.I),
    "a foreign resource": re.compile(
        r"<(?:script|link|img|iframe|use|source|video|audio|object|embed)\b[^>]*\s(?:src|href|srcset|data)=[\"'](?:https?:)?//",
        re.I,
    ),
}


def faults(html: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(html)]


def test_the_rule_can_tell_a_fault():
    assert faults("<script>1</script>") == ["an inline script"]
    assert faults('<p onclick="x()">') == ["an on* attribute"]
    assert faults('<img src="//cdn.example/x.png">') == ["a foreign resource"]
    assert faults('<script src="/static/app.js" defer></script><p style="--p:66" data-on="x">on = off</p>') == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_is_clean(path):
    html = re.sub(r"\{[%{#].*?[%}#]\}", "", path.read_text())
    assert faults(html) == []


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_rendered_page_is_clean(screen, client, acme):
    if screen.who:
        client.force_login(getattr(acme, screen.who).user)
    answer = client.get(screen.url(acme), follow=True)
    assert faults(answer.content.decode()) == []
    assert "'unsafe-eval'" not in answer["Content-Security-Policy"]


def test_the_policy_allows_scripts_and_styles_of_ours_only(client, db):
    policy = dict(
        part.split(" ", 1) for part in client.get(reverse("account_login"))["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"


def test_our_static_files_point_at_no_other_host():
    for path in STATIC.iterdir():
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|url\(\s*['\"]?//|@import", text), path.name


def test_every_icon_a_template_names_is_drawn():
    drawn = set(re.findall(r'id="i-([\w-]+)"', (STATIC / "sprite.svg").read_text()))
    for path in TEMPLATES:
        named = set(re.findall(r'\{% icon "([\w-]+)"', path.read_text()))
        assert named <= drawn, f"{path.name}: {named - drawn}"
