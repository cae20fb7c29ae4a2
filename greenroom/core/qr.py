"""Links as pictures that a phone can read."""

import qrcode
from qrcode.image.svg import SvgPathImage


def svg(text: str) -> bytes:
    """A QR code of `text` as an SVG picture; black on nothing, so it wants a white ground."""
    drawn: bytes = qrcode.make(text, image_factory=SvgPathImage).to_string(encoding="utf-8")
    return drawn
