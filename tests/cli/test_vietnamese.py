"""A terminal that speaks Vietnamese has no English sentence, whichever library had the word."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from audit_folder import ROSTER, an_audit, config_text

from mailaudit.__main__ import main
from mailaudit.cli import console
from mailaudit.settings.document import TABLES

# Words of English sentences that are no words of Vietnamese.
ENGLISH = re.compile(
    r"\b(the|is|are|was|be|been|not|of|or|and|with|from|for|by|on|at|its|this|that|which|such|an"
    r"|must|should|could|cannot|can't|unable|failed|failure|refused|denied|missing|required|given"
    r"|invalid|valid|expected|unexpected|unknown|unclosed|found|file|files|directory|folder|line"
    r"|column|character|string|integer|number|value|input|field|extra|permission|exists|empty"
    r"|usage|options|arguments|command|commands|error|errors|message|show|default)\b",
    re.IGNORECASE,
)
# What is written as it is typed: keys, options, paths, commands.
TYPED = re.compile(
    r"mailaudit( [a-z]+)* ?|keyring set .*|chmod \S+|\[\w+\]|\S*[._/=\\-]\S*"
    r"|'[^']*'|\"[^\"]*\"|\(keyring\)"
)

Run = Callable[..., str]


def english_in(text: str) -> list[str]:
    """The English words of a text, without what is typed."""
    return [match[0] for match in ENGLISH.finditer(TYPED.sub(" ", text))]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Runs a command in a folder; returns what it printed in Vietnamese."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILAUDIT_LANG", raising=False)
    monkeypatch.delenv("MAILAUDIT_PASSWORD", raising=False)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> str:
        monkeypatch.setattr(console, "_chosen", None)
        monkeypatch.setattr(sys, "argv", ["mailaudit", *arguments])
        with pytest.raises(SystemExit) as caught:
            main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        assert caught.value.code not in (1, None) or "--help" in arguments, printed
        return printed.out + printed.err

    yield run
    monkeypatch.setattr(console, "_chosen", None)


COMMANDS = (
    "", "run", "collect", "report", "history", "compare", "export", "export activity", "roster",
    "roster check", "roster pull", "roster diff", "units", "units check", "calendar", "demo",
    "demo serve", "init",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_vietnamese_and_fits_80_columns(run: Run, command: str) -> None:
    """Headings, summaries, options and what stands for their values."""
    text = run(*command.split(), "--help")
    assert text.startswith("Cách dùng: mailaudit")
    assert english_in(text) == []
    assert max(map(len, text.splitlines())) <= 80
    assert "..." not in text.replace("LỆNH [THAM SỐ]...", "").replace("[TỆP]...", "")


@pytest.mark.parametrize(
    "line",
    [
        "", "roster", "rnu", "x", "run --nope", "run --perod 1", "run --config", "run x y",
        "run -z", "run --lang fr", "run --audience all", "calendar abc", "export activity",
        "roster chck", "demo serve --port x", "demo serve --port 70000",
        "demo serve --latency-ms -1", "run --verbose=1", "run --period 2026-13",
        "run --period 2999-01", "calendar 3000",
        "calendar 2026 --unit X", "demo serve --traffic t.csv", "export activity --out no/x.csv",
        "demo serve --traffic t.csv --people p.csv", "roster check no.xlsx", "roster check x.docx",
        "units check no.csv", "roster pull --out x.pdf", "roster pull --out x.csv",
        "collect --retry-unmeasured --new-edition", "report --config no.toml", "init password",
        "report --config .", "report --period 2026-10 --unit X", "demo serve --faults no.toml",
    ],
)  # fmt: skip
def test_wrong_command_line_is_reported_in_vietnamese(run: Run, tmp_path: Path, line: str) -> None:
    """What Typer says, what the system says, and what this program says by itself."""
    an_audit(tmp_path)
    assert english_in(run(*line.split())) == []


@pytest.mark.parametrize(
    "text",
    [
        b"a", b"[server", b"[[server", b"a = ", b"a = x", b'a = "x', b"a = 'x", b'a = "\\x"',
        b'a = "\\ud800"', b"a = [1", b"a = {b = 1", b"a = {b = 1, b = 2}", b"a = 1 b = 2", b"= 1",
        b"a = 2026-13-45", b"a = 1\na = 2", b"[a]\n[a]", b"a = 1\n[a.b]", b"a.b = 1\n[a]", b"\x01",
        b"a = 'x\x01'", b"a = " + b"9" * 5000, b"a = " + b"[" * 5000, b"\xff", b'a = """', b"a: 1",
    ],
)  # fmt: skip
def test_text_that_is_no_toml_is_reported_in_vietnamese(
    run: Run, tmp_path: Path, text: bytes
) -> None:
    """In a configuration, a calendar and a file of faults."""
    an_audit(tmp_path, calendar='file = "bad.toml"')
    (tmp_path / "bad.toml").write_bytes(text)
    for line in ("report --config bad.toml", "calendar 2026", "demo serve --faults bad.toml"):
        said = run(*line.split())
        assert "bad.toml" in said
        assert english_in(said) == []


WRONG = ("1", "1.5", "-1", '"x"', '""', "true", "[1]", "[]", "{x = 1}", "2026-01-01", "nan")
KEYS = [
    (".".join(path), field.alias or name)
    for path, table in TABLES.items()
    if path
    for name, field in table.model_fields.items()
]


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_wrong_value_of_a_key_is_reported_in_vietnamese(
    run: Run, tmp_path: Path, table: str, key: str
) -> None:
    """Whatever TOML can hold in its place, and a key that is not known."""
    config = tmp_path / "mailaudit.toml"
    for value in WRONG:
        header = f"[[{table}]]" if table == "rules.grades" else f"[{table}]"
        if table.startswith(("servers.", "witnesses.")):
            several, _, kind = table.partition(".")
            header = f"[[{several}]]" if key == "kind" else f'[[{several}]]\nkind = "{kind}"'
        config.write_text(f"{header}\n{key} = {value}\n{key}x = 1\n", "utf-8")
        said = run("report", "--period", "2026-10")
        is_chosen_by = key == "kind"  # other keys can't be known then
        assert f"{key}x: không phải" in said or "không ghi" in said or is_chosen_by, said
        assert english_in(said) == [], said
        assert "dùng được:" in said or "không dùng được" in said, said


def a_folder_at(path: Path) -> None:
    path.unlink()
    path.mkdir(mode=0o700)


def a_circle_at(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


FILES: dict[str, Callable[[Path], object]] = {
    "roster.csv is a folder": lambda at: a_folder_at(at / "roster.csv"),
    "roster.csv is gone": lambda at: (at / "roster.csv").unlink(),
    "roster.csv is empty": lambda at: (at / "roster.csv").write_text(""),
    "roster.csv is binary": lambda at: (at / "roster.csv").write_bytes(bytes(range(256)) * 9),
    "roster.csv has an open quote": lambda at: (at / "roster.csv").write_text(ROSTER + '"a,b'),
    "roster.csv is a circle": lambda at: a_circle_at(at / "roster.csv"),
    "units.csv is gone": lambda at: (at / "units.csv").unlink(),
    "units.csv has no header": lambda at: (at / "units.csv").write_text("x\n"),
    "password is gone": lambda at: (at / "password").unlink(),
    "password is empty": lambda at: (at / "password").write_text(""),
    "password is a folder": lambda at: a_folder_at(at / "password"),
    "password is open": lambda at: (at / "password").chmod(0o644),
    "store is a folder": lambda at: (at / "mailaudit.db").mkdir(),
    "store is none": lambda at: (at / "mailaudit.db").write_text("x" * 9999),
    "lock is a folder": lambda at: (at / "mailaudit.db.lock").mkdir(),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_unusable_file_is_reported_in_vietnamese(run: Run, tmp_path: Path, name: str) -> None:
    """With what the system says of it, which is in the system's language."""
    an_audit(tmp_path)
    FILES[name](tmp_path)
    assert english_in(run("collect", "--period", "2026-10")) == []


@pytest.mark.parametrize(
    "tables",
    [
        {"server": 'password_file = "password"\nca_file = "no.pem"'},
        {"server": 'password_file = "password"\nca_file = "units.csv"'},
        {"server": 'password_file = "password"\nca_file = "."'},
        {"server": 'password_file = "hunter2"'},
        {"server": 'password_file = "~nobody-here/x"'},
        {"server": ""},
        {"store": 'file = "no/mailaudit.db"'},
        {"calendar": 'file = "no.toml"'},
        {"calendar": 'file = "units.csv"'},
        {"roster": 'file = "roster.csv"\nunits = "units.csv"\nevents = "no.csv"'},
        {"roster": 'file = "roster.xlsx"'},
        {"annex": 'wording = "no.txt"'},
        {"annex": 'wording = "bad.txt"'},
        {"annex": 'wording = "worse.txt"'},
    ],
)
def test_unusable_file_of_the_configuration_is_reported_in_vietnamese(
    run: Run, tmp_path: Path, tables: dict[str, str]
) -> None:
    """A certificate, a store, a calendar, a list, a wording that is not what it should be."""
    an_audit(tmp_path, **tables)
    (tmp_path / "roster.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (tmp_path / "bad.txt").write_text("[title] {% if total %}", "utf-8")
    (tmp_path / "worse.txt").write_text("[title] x\n\n[tabel] y", "utf-8")
    assert english_in(run("run", "--period", "2026-10")) == []


def test_english_is_found_where_there_is_some(run: Run, tmp_path: Path) -> None:
    """The tests above see an English sentence."""
    (tmp_path / "mailaudit.toml").write_text(config_text(), "utf-8")
    assert english_in("No such file or directory") == ["such", "file", "or", "directory"]
    assert english_in("Input should be a valid integer") != []
    assert english_in(run("report", "--lang", "en", "--period", "2026-10")) != []
