"""Links as pictures that a phone can read."""

import qrcode  # type: ignore[import-untyped]
from qrcode.image.svg import SvgPathImage  # type: ignore[import-untyped]


def svg(text: str) -> bytes:
    """A QR code of `text` as an SVG picture; black on nothing, so it wants a white ground."""
    drawn: bytes = qrcode.make(text, image_factory=SvgPathImage).to_string(encoding="utf-8")
    return drawn
