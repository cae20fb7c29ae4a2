"""A visitor: opens pages and submits their forms over HTTP, cookies and redirects included."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx2


class Stuck(Exception):
    """The page does not offer what the visitor wanted; the message quotes the page."""


@dataclass
class Form:
    """A form as it stands on a page: where it goes and what it would send untouched."""

    action: str
    method: str
    fields: dict[str, str | list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, words


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._select = ""
        self._button: tuple[str, str] | None = None
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {key: value or "" for key, value in attrs}
        self._quiet += tag in {"script", "style", "svg", "template"}
        if tag == "form":
            self._form = Form(a.get("action", ""), a.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and tag == "input":
            self._input(self._form, a)
        elif self._form is not None and tag == "select":
            self._select = a.get("name", "")
            self._form.names.add(self._select)
        elif self._form is not None and tag == "option" and self._select:
            if "selected" in a or self._select not in self._form.fields:
                self._form.fields[self._select] = a.get("value", "")
        elif self._form is not None and tag == "textarea":
            self._form.names.add(a.get("name", ""))
        elif tag == "button" and a.get("type", "submit") == "submit":
            self._button = (a.get("name", ""), a.get("value", ""))

    def _input(self, form: Form, a: dict[str, str]) -> None:
        name, kind = a.get("name", ""), a.get("type", "text")
        form.names.add(name)
        if kind == "submit":
            form.buttons.append((name, a.get("value", ""), a.get("value", "")))
        elif kind in {"checkbox", "radio"}:
            if "checked" in a:
                value = a.get("value", "on")
                if kind == "checkbox" and name in form.fields:
                    had = form.fields[name]
                    form.fields[name] = [*(had if isinstance(had, list) else [had]), value]
                else:
                    form.fields[name] = value
        elif name:
            form.fields[name] = a.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag in {"script", "style", "svg", "template"}
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not text or self._quiet > 0:
            return
        self.words.append(text)
        if self._button and self._form is not None:
            self._form.buttons.append((*self._button, text))


class Visitor:
    """One person's browser."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.http = httpx2.Client(base_url=site, follow_redirects=True, timeout=30)
        self.url = site
        self.page = _Forms()

    def open(self, path: str) -> "Visitor":
        return self._see(self.http.get(urljoin(self.url, path)))

    def submit(self, button: str, **values: str | list[str]) -> "Visitor":
        """Fill the form that has `values`' fields and a button reading `button`, and send it. Raises Stuck."""
        for form in self.page.forms:
            pressed = [one for one in form.buttons if button.lower() in one[2].lower()]
            if pressed and form.names >= set(values):
                name, value, _words = pressed[0]
                sent = {**form.fields, **values, **({name: value} if name else {})}
                return self._send(form, sent)
        raise Stuck(f"no form with {sorted(values)} and a button {button!r} on {self.url}: {self.text[:400]}")

    @property
    def text(self) -> str:
        return " ".join(self.page.words)

    def _send(self, form: Form, sent: dict[str, str | list[str]]) -> "Visitor":
        target = urljoin(self.url, form.action or self.url)
        if form.method == "get":
            return self._see(self.http.get(target, params=sent))
        parts = urlsplit(self.url)
        headers = {"Referer": self.url, "Origin": f"{parts.scheme}://{parts.netloc}"}
        return self._see(self.http.post(target, data=sent, headers=headers))

    def _see(self, answer: httpx2.Response) -> "Visitor":
        self.url = str(answer.url)
        self.page = _Forms()
        self.page.feed(answer.text)
        if answer.status_code >= 400:
            raise Stuck(f"{self.url} answered {answer.status_code}: {self.text[:400]}")
        return self
