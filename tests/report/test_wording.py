"""The wording can be edited: what stands where, and what is said of mistakes."""

import re

import pytest
from annex_builders import an_annex
from report_builders import a_ranking, a_report, without_mail

from mailaudit.errors import ConfigurationError
from mailaudit.locale import LANGUAGES
from mailaudit.model.audience import Audience
from mailaudit.report.annex.content import Line, Style
from mailaudit.report.annex.variables import TABLES, known_variables
from mailaudit.report.tables import Table
from mailaudit.roster.shipped import shipped

HEAD = "[title] T\n[subject] S\n"


def lines_of(body: str) -> list[Line]:
    blocks = an_annex(source=f"{HEAD}{body}\n\nEnd.").blocks
    return [block for block in blocks if isinstance(block, Line)]


def texts_of(body: str) -> list[str]:
    return [line.text for line in lines_of(body)]


def test_lines_become_headings_paragraphs_tables_and_appendices() -> None:
    """Each mark makes what the file's own explanation says."""
    annex = an_annex(
        source=HEAD
        + "# One\n\nfirst\nsecond\n\n## Two\n[table] groups\n\nEnd.\n[appendix] A\n[table] short\n"
    )

    kinds = [block.style if isinstance(block, Line) else block.key for block in annex.blocks]
    assert kinds == [Style.HEADING, Style.PARAGRAPH, Style.SUBHEADING, "groups"]
    assert annex.blocks[1] == Line("first second")
    assert [line.text for line in annex.closing] == ["End."]
    (appendix,) = annex.appendices
    assert (appendix.label, appendix.title, appendix.wide) == ("Phụ lục I", "A", False)
    assert isinstance(appendix.blocks[0], Table)


def test_lines_of_nothing_but_tags_do_not_end_a_paragraph() -> None:
    """An operator can put tags on lines of their own, and marks before which no space stands."""
    assert texts_of(
        "one\n{% if total %}\ntwo\n{% endif %}\n, three\n{% if not total %}\n.\n{% endif %}"
    ) == ["one two, three"]


def test_variables_never_become_structure() -> None:
    """A unit called "# A", or one with the name of a directive, stays a name."""
    for name in ("# A", "[table] groups", "[appendix] B", "{{ total }}", "a\n\nb\n# c"):
        report = a_report(organisation=name)
        annex = an_annex(report, source=f"{HEAD}{{{{ organisation }}}}\n\nEnd.")
        assert annex.blocks == (Line(" ".join(name.split())),)
        assert annex.appendices == ()


def test_text_that_turns_the_reading_direction_ends_with_itself() -> None:
    """A name that reads backwards leaves the figures after it as they are."""
    report = a_report(organisation="Sở \u202eabc")
    (line,) = an_annex(report, source=f"{HEAD}{{{{ organisation }}}} 12%\n\nEnd.").blocks

    assert isinstance(line, Line)
    assert line.text == "\u2068Sở \u202eabc\u2069 12%"


@pytest.mark.parametrize(
    ("body", "line", "what"),
    [
        ("{{ totall }}", 3, "totall"),
        ("\n{% if false %}{{ total.ratte }}{% endif %}", 4, "ratte"),
        ("{% if total %}", 3, "not closed, .*endif"),
        ("\n\n{{ total.rate", 5, "not closed"),
        ("{{ total.rate | nofilter }}", 3, "nofilter"),
        ("{% for unit in total %}{{ unit }}{% endfor %}", 3, "can't be used so"),
        ("one\n{{ total.staff / 0 }}", 4, "can't be used so"),
        ("{% include 'x' %}", 3, "include"),
        ("{{ total.__class__ }}", 3, "__class__"),
        ("{{ range(10) }}", 3, "range"),
        ("x\n[tabel] groups", 4, r"\[tabel\] groups"),
        ("[table] staff", 3, "staff"),
        ("[table]", 3, r"\[table\]"),
        ("[appendix]", 3, r"\[appendix\]"),
    ],
)
def test_mistake_is_reported_with_its_file_and_line(body: str, line: int, what: str) -> None:
    """Whatever is wrong, the operator learns where; mistakes in unused sentences are found too."""
    with pytest.raises(ConfigurationError, match=what) as caught:
        an_annex(source=HEAD + body)

    assert "w.txt" in str(caught.value)
    assert re.search(rf"\bline {line}\b", str(caught.value))


@pytest.mark.parametrize("missing", ["title", "subject"])
def test_document_without_title_or_subject_is_refused(missing: str) -> None:
    """They are elements of the form."""
    kept = {"title": "[subject] S", "subject": "[title] T"}[missing]

    with pytest.raises(ConfigurationError, match=rf"\[{missing}\]"):
        an_annex(source=kept)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_shipped_wording_explains_every_variable_and_table(lang: str) -> None:
    """What can be named is what the file's first lines list, no more and no less."""
    source = shipped(f"wording.{lang}.txt").read_text(encoding="utf-8")
    comment = source[: source.index("#}")]
    words = set(re.findall(r"[a-z_]+", comment))
    attributes = frozenset().union(*known_variables().values())

    assert known_variables().keys() - words == set()
    assert attributes - words == set()
    listed = re.search(r"(?:Các bảng|Tables): ([^.]+)\.", comment)
    assert listed is not None
    assert set(re.findall(r"[a-z_]+", listed[1])) == TABLES


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("audience", list(Audience))
def test_shipped_wording_fits_every_report(lang: str, audience: Audience) -> None:
    """Whatever the month brought and whoever reads it, sentences are whole."""
    for report in (
        a_report(lang=lang, audience=audience),
        a_report(lang=lang, audience=audience, ranking=a_ranking(())),
        a_report(lang=lang, audience=audience, ranking=without_mail()),
    ):
        annex = an_annex(report)
        for line in (*annex.blocks, *annex.closing):
            if isinstance(line, Line):
                assert "None" not in line.text and "{" not in line.text
                assert not re.search(r" [,;.:]|,,|;;|\.\.|  |\(\)|: ?\.", line.text), line.text
