"""Wording: the sentences of the annex, from a text file that an operator may edit.

The file is a Jinja template whose lines are `# heading`, `## heading`, `[directive] text` or text.
Lines of text are joined until an empty line ends the paragraph; a line of nothing but tags counts
as no line. What a variable stands for never becomes structure: a unit called "# A" or "[table] x"
stays a name.
"""

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from jinja2 import (
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailaudit.errors import N_, ConfigurationError
from mailaudit.report.annex.content import Line, Style

DIRECTIVES = ("title", "subject", "table", "appendix", "appendix wide")
TITLE, SUBJECT, TABLE, APPENDIX, WIDE = DIRECTIVES

BROKEN = N_(
    "The wording {file}, line {line}: a tag is not closed, or has a word that can't stand there"
    " ({words})."
)
UNFIT = N_("The wording {file}, line {line}, computes with or repeats what can't be used so.")
LACKING = N_(
    "The wording {file}, line {line}, prints what this report does not have, such as the month of a"
    " quarter."
)
UNKNOWN = N_(
    "The wording {file}, line {line}, names {name}, which is not a variable of a document."
)
NO_DIRECTIVE = N_("The wording {file}, line {line}: {text} is not a directive.")
NO_TABLE = N_("The wording {file}, line {line}: {table} is not a table of a document.")
MISSING = N_("The wording {file} has no line [{name}] …")
KNOWN = N_("Known are: {known}.")
NAMES_ALL = N_("The file that mailaudit init makes explains every variable and directive.")

_DIRECTIVE = re.compile(r"\[(?P<name>[^\]]*)\] *(?P<text>.*)")
_HEADING = re.compile(r"(?P<level>##?) +(?P<text>.+)")
_ONLY_TAGS = re.compile(r"^[ \t]*(?:\{%(?:(?!%\}).)*%\}[ \t]*)+$", re.MULTILINE)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_BEFORE_MARK = re.compile(r" +(?=[,;.:)])")
_OPEN, _CLOSE, _NO_LINE = "\ufdd0", "\ufdd1", "\ufdd2"  # noncharacters: no text holds them
_KEPT = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_NONE_OF_OURS = dict.fromkeys(map(ord, (_OPEN, _CLOSE, _NO_LINE)))
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # characters that turn the reading direction
_LOOP = frozenset({"first", "last", "index", "index0", "length", "revindex"})
_WRONG = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the document in the order of the file: a line, or a directive and its text."""

    directive: str
    line: Line


class Wording:
    """A checked template of sentences.

    Args:
        name: Of the file, for messages.
        source: Its text.
        known: Every variable the template may name, with the attributes it has.
        tables: Every table it may show.

    Raises:
        ConfigurationError: Something in it can't be understood; names the line.
    """

    def __init__(
        self, name: str, source: str, known: Mapping[str, frozenset[str]], tables: frozenset[str]
    ) -> None:
        self._name = name
        self._values: list[str] = []
        self._template = self._checked(source, known)
        self._check_directives(source, tables)

    def parts(self, variables: Mapping[str, object]) -> tuple[Part, ...]:
        """The document's pieces with `variables` filled in.

        Raises:
            ConfigurationError: The template asks of a variable what it can't give.
        """
        self._values.clear()
        try:
            text = self._template.render(variables)
        except _WRONG as error:
            frames = traceback.extract_tb(error.__traceback__)
            lines = [frame.lineno for frame in frames if frame.filename == "<template>"]
            message = LACKING if isinstance(error, UndefinedError) else UNFIT
            self._refuse(message, NAMES_ALL, line=lines[-1] if lines else 0)
        return tuple(self._split(text))

    def _checked(self, source: str, known: Mapping[str, frozenset[str]]) -> Template:
        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined,
            finalize=self._keep,
        )
        environment.globals.clear()
        source = _ONLY_TAGS.sub(rf"\g<0>{_NO_LINE}", source.translate(_NONE_OF_OURS))
        try:
            tree = environment.parse(source)
            unknown = find_undeclared_variables(tree) - known.keys()
            for name in tree.find_all(nodes.Name):
                if name.name in unknown:
                    self._refuse(UNKNOWN, NAMES_ALL, line=name.lineno, name=name.name)
            self._check_attributes(tree, frozenset().union(*known.values()))
            for outside in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport)):
                self._refuse(BROKEN, NAMES_ALL, line=outside.lineno, words="include / import")
            return environment.from_string(source)
        except TemplateSyntaxError as error:
            # Of Jinja's English only what it quotes is said again: tags, names, signs.
            words = ", ".join(re.findall(r"'(.+?)'", error.message or "")) or "–"
            self._refuse(BROKEN, NAMES_ALL, line=error.lineno, words=words)

    def _check_attributes(self, tree: nodes.Template, known: frozenset[str]) -> None:
        """A misspelt attribute is found even in a sentence that this month does not need."""
        for asked in tree.find_all(nodes.Getattr):
            of_loop = isinstance(asked.node, nodes.Name) and asked.node.name == "loop"
            if asked.attr not in (_LOOP if of_loop else known):
                self._refuse(UNKNOWN, NAMES_ALL, line=asked.lineno, name=asked.attr)

    def _check_directives(self, source: str, tables: frozenset[str]) -> None:
        seen = set()
        printed = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
        for number, line in enumerate(printed.split("\n"), start=1):
            found = _DIRECTIVE.fullmatch(line.strip())
            if found is None:
                continue
            name, text = found["name"], found["text"]
            seen.add(name)
            if name not in DIRECTIVES or not text:
                known = ", ".join(f"[{directive}] …" for directive in DIRECTIVES)
                self._refuse(NO_DIRECTIVE, KNOWN, line=number, text=line.strip(), known=known)
            if name == TABLE and text not in tables:
                known = ", ".join(sorted(tables))
                self._refuse(NO_TABLE, KNOWN, line=number, table=text, known=known)
        for needed in (TITLE, SUBJECT):
            if needed not in seen:
                self._refuse(MISSING, NAMES_ALL, name=needed)

    def _keep(self, value: object) -> str:
        """A stand-in for a variable's text until the document's structure is read."""
        text = " ".join(str(value).replace(_NO_LINE, " ").split())
        if _TURNS.search(text):
            text = f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
        self._values.append(text)
        return f"{_OPEN}{len(self._values) - 1}{_CLOSE}"

    def _filled(self, text: str) -> str:
        while _KEPT.search(text):  # a block that was set holds stand-ins itself
            text = _KEPT.sub(lambda kept: self._values[int(kept[1])], text)
        return text

    def _split(self, text: str) -> Iterator[Part]:
        paragraph: list[str] = []

        def ended() -> Iterator[Part]:
            if paragraph:
                yield Part("", Line(self._filled(_BEFORE_MARK.sub("", " ".join(paragraph)))))
                paragraph.clear()

        for written in text.splitlines():
            line = " ".join(written.replace(_NO_LINE, " ").split())
            if not line and _NO_LINE in written:
                continue
            directive, heading = _DIRECTIVE.fullmatch(line), _HEADING.fullmatch(line)
            if directive or heading or not line:
                yield from ended()
            if directive:
                yield Part(directive["name"], Line(self._filled(directive["text"])))
            elif heading:
                style = Style.HEADING if heading["level"] == "#" else Style.SUBHEADING
                yield Part("", Line(self._filled(heading["text"]), style))
            elif line:
                paragraph.append(line)
        yield from ended()

    def _refuse(self, message: str, remedy: str, **values: object) -> NoReturn:
        raise ConfigurationError(message, remedy, file=self._name, **values)
