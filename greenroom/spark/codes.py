"""Codes of Spark Ads as people pass them on: with blanks, line breaks and characters nobody sees. Pure.

A code is `#` and base64-like text with `+`, `/` and `=`. Nothing of it is guessed: what looks alike but is another
character stays wrong, and is said.
"""

import string
import unicodedata
from urllib.parse import quote

LETTERS = frozenset(string.ascii_letters + string.digits + "+/=-_")
LEAST, MOST = 16, 300
# Blank to the eye, though letters or symbols by their kind: fillers of Hangul and the empty Braille pattern.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Blanks, controls, formats (zero width, soft hyphen, byte order, direction) and marks that only change a look.
UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn"})


def clean(pasted: str) -> str:
    """The code in a pasted text: without anything nobody sees, wherever it stands."""
    return "".join(one for one in pasted if one not in BLANK and unicodedata.category(one) not in UNSEEN)


def why_wrong(code: str) -> str:
    """What is wrong with a cleaned code, in words for whoever pasted it; empty when nothing is."""
    if not code:
        return "Paste the code: it begins with #."
    if code.count("#") > 1:
        return "There is more than one # in it. Paste one code at a time."
    if foreign := next((one for one in code if one not in LETTERS and one != "#"), ""):
        plain, name = unicodedata.normalize("NFKC", foreign), unicodedata.name(foreign, "unknown character").lower()
        guess = f"; is it a “{plain}”?" if plain != foreign and plain in (*LETTERS, "#") else "."
        return f"“{foreign}” ({name}) is in no code{guess} Copy the code in TikTok and paste it as it is."
    if not code.startswith("#"):
        return "Its beginning is missing. It begins with #."
    if not LEAST <= len(code) <= MOST:
        return "The code is not whole. Copy it in TikTok and paste it as it is."
    return ""


def in_address(code: str) -> str:
    """The code as a value of a web address, where `#`, `+`, `/` and `=` would mean something else."""
    return quote(code, safe="")
