"""Texts that people or servers might send to break a report."""

HOSTILE_TEXTS = (
    '=HYPERLINK("http://example.invalid","x")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "{=1+1}",
    "https://example.invalid/",
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "</style><!-- {{ 7*7 }} {% raw %}",
    '" onmouseover="alert(1)',
    "<r><t>x</r>",
    "_x0041_",
    "Sở \u202eabc\u2066 đảo",
    "👩🏽‍💻 Sở số 🇻🇳",
    "Ủy ban nhân dân " * 19,
    "ồ" * 300,
    "  lề  ",
    "12345",
    "{month} {0} %s",
)
