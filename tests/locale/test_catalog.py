"""The Vietnamese catalog has every message of the program, whole, and nothing else."""

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import mailaudit
from mailaudit.cli import app
from mailaudit.cli.help import EXAMPLE, all_commands, paragraphs
from mailaudit.locale import LANGUAGES, language
from mailaudit.settings.servers import NamedExchange, NamedImap

SOURCE = Path(mailaudit.__file__).parent
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "N_": None, "gettext": None}


def messages() -> set[str]:
    """Every message id of the program, its templates, and its commands' help."""
    extracted = extract_from_dir(SOURCE, METHODS, keywords=KEYWORDS)
    found = {str(message) for _file, _line, message, _comments, _context in extracted if message}
    for path in SOURCE.rglob("*.py"):  # Babel overlooks calls inside f-strings
        found.update(marked(ast.parse(path.read_text(encoding="utf-8"))))
    return found | set(help_texts())


def help_texts() -> Iterator[str]:
    """Every text of the commands and of their options, as a message id."""
    for command in all_commands(typer.main.get_command(app)):
        for text in paragraphs(command.help or ""):
            if not text.startswith(EXAMPLE):
                yield text
        yield from (param.help for param in command.params if param.help)


def marked(tree: ast.AST) -> Iterator[str]:
    """The literal arguments of calls to the functions that mark or translate a message."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in KEYWORDS and isinstance(node.args[0].value, str):
                yield node.args[0].value


def catalog() -> Catalog:
    return read_po(BytesIO(files("mailaudit.locale").joinpath("vi.po").read_bytes()), locale="vi")


def fields(text: str) -> list[str]:
    """The `{fields}` of a message, with their conversions, in any order."""
    parts = Formatter().parse(text)
    return sorted(f"{name}!{conv}:{spec}" for _text, name, spec, conv in parts if name is not None)


def test_extraction_finds_messages_of_each_kind() -> None:
    """Marked texts, translated texts and template texts are all seen by the tests below."""
    found = messages()

    assert {"Access to the mailbox was denied", "Rate of regular use", "Contents"} <= found


def test_every_message_has_a_translation() -> None:
    """No reader meets an English sentence in a Vietnamese report."""
    translated = {str(message.id) for message in catalog() if message.id and message.string}

    assert sorted(messages() - translated) == []


def test_no_message_takes_the_server_for_the_only_one() -> None:
    """Where a server's keys stand is a field: with several there is no [server]."""
    keys = "|".join({*NamedExchange.model_fields, *NamedImap.model_fields})
    named = re.compile(rf"(?<![\w.])servers?\.({keys})\b")

    assert sorted(filter(named.search, messages())) == []


def test_catalog_has_no_obsolete_entry() -> None:
    """What the program no longer says is not kept."""
    kept = {str(message.id) for message in catalog() if message.id}

    assert sorted(kept - messages()) == []
    assert not catalog().obsolete


def test_translations_have_the_fields_of_their_messages() -> None:
    """A field that is lost or misspelt would lose a figure or stop the program."""
    wrong = {
        str(message.id): message.string
        for message in catalog()
        if message.id and fields(str(message.id)) != fields(str(message.string))
    }

    assert wrong == {}


def test_catalog_has_each_message_once() -> None:
    """A second entry would silently win over the first."""
    content = files("mailaudit.locale").joinpath("vi.po").read_text(encoding="utf-8")
    ids = re.findall(r'^msgid "(.+)"$', content, flags=re.MULTILINE)

    assert len(ids) == len(set(ids)) == len([m for m in catalog() if m.id])


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_loads(code: str) -> None:
    """The catalog can be read, and Vietnamese says it in Vietnamese."""
    word = language(code).gettext("Coverage")

    assert word == {"vi": "Độ phủ", "en": "Coverage"}[code]
