"""The few pieces of HTTP the sandbox needs: a request, a response, and the errors TikTok answers with."""

import json
from collections.abc import Iterable, Mapping
from email import message_from_bytes
from functools import cached_property
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, parse_qsl

Environ = dict[str, Any]
Json = dict[str, Any]
MAX_BODY = 8_000_000


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Written(str):
    """JSON that is written already."""

    __slots__ = ()


def write(value: object) -> Written:
    """A value as JSON; text that is written already is taken as it is."""
    return value if isinstance(value, Written) else Written(_encode(value))


def write_object(values: Json) -> Written:
    """An object some of whose values are written already, as JSON."""
    plain = {name: value for name, value in values.items() if type(value) is not Written}
    texts = [f'"{name}":{value}' for name, value in values.items() if type(value) is Written]
    if not texts:
        return Written(_encode(plain))
    return Written("{" + ",".join([_encode(plain)[1:-1], *texts] if plain else texts) + "}")


class Request:
    """One HTTP request, read lazily from a WSGI environ."""

    def __init__(self, environ: Environ) -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ.get("PATH_INFO", "") or "/"
        self.query_string: str = environ.get("QUERY_STRING", "")

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @cached_property
    def body(self) -> bytes:
        length = self.environ.get("CONTENT_LENGTH") or "0"
        return bytes(self.environ["wsgi.input"].read(min(int(length), MAX_BODY))) if length.isdigit() else b""

    @cached_property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    @cached_property
    def json(self) -> Json:
        """The JSON object of the body; `{}` when there is none or it is not an object."""
        try:
            parsed = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}

    @cached_property
    def multipart(self) -> dict[str, bytes]:
        """The fields and files of a multipart body, by name; `{}` when it is none."""
        kind = str(self.environ.get("CONTENT_TYPE", ""))
        if not kind.startswith("multipart/form-data"):
            return {}
        parts = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + self.body).walk()
        named = ((one.get_param("name", header="content-disposition"), one.get_payload(decode=True)) for one in parts)
        return {name: value for name, value in named if isinstance(name, str) and isinstance(value, bytes)}

    @cached_property
    def cookies(self) -> dict[str, str]:
        return {name: morsel.value for name, morsel in SimpleCookie(self.environ.get("HTTP_COOKIE", "")).items()}

    def header(self, name: str) -> str:
        return str(self.environ.get("HTTP_" + name.upper().replace("-", "_"), ""))

    def field(self, name: str) -> str:
        """The first value of a form field, or an empty text."""
        return self.form.get(name, [""])[0]


class Response:
    """One HTTP answer; call it like a WSGI application to send it."""

    def __init__(self, body: bytes | str = b"", *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self.body = body.encode() if isinstance(body, str) else body
        self.status = status
        self.headers = {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}

    def send(self, start_response: Any) -> Iterable[bytes]:
        reason = HTTPStatus(self.status).phrase
        headers = [*self.headers.items(), ("Content-Length", str(len(self.body)))]
        start_response(f"{self.status} {reason}", headers)
        return [self.body]


class ApiError(Exception):
    """A refusal in TikTok's Business envelope: a code that is not 0, with HTTP 200 but for one known exception."""

    def __init__(self, code: int, message: str, *, status: int = 200) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status


def to_json(data: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        write(data),
        status=status,
        headers={"Content-Type": "application/json; charset=utf-8", **(headers or {})},
    )


def redirect(to: str, *, headers: Mapping[str, str] | None = None) -> Response:
    return Response(status=302, headers={"Location": to, "Cache-Control": "no-store", **(headers or {})})
