"""Pictures drawn on the spot: avatars, thumbnails and the icon."""

from html import escape

from greenroom.sandbox import chance
from greenroom.sandbox.http import Response

HUES = (212, 262, 292, 332, 12, 32, 158, 186)


def picture(name: str) -> Response:
    """An SVG that depends on its name alone."""
    u = chance.draws("picture", name)
    hue, turn = chance.pick(HUES, u[0]), int(360 * u[1])
    letter = "" if name.isdigit() else escape(name[:1].upper())
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">'
        f'<rect width="96" height="96" fill="hsl({hue} 46% 38%)"/>'
        f'<path d="M-20 70Q30 {int(20 + 50 * u[2])} 116 {int(40 + 40 * u[3])}V120H-20z" fill="hsl({hue} 52% 30%)" '
        f'transform="rotate({turn // 12} 48 48)"/>'
        f'<text x="48" y="63" font-family="sans-serif" font-size="44" font-weight="700" text-anchor="middle" '
        f'fill="#fff">{letter}</text>'
        "</svg>"
    )
    headers = {
        "Content-Type": "image/svg+xml",
        "Cache-Control": "max-age=3600",
        "Content-Security-Policy": "default-src 'none'",
    }
    return Response(svg, headers=headers)
