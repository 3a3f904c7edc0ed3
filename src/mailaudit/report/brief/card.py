"""render_brief_png(), render_brief_pdf(): the Report's headline on a card of 16 to 9."""

from collections.abc import Iterator, Mapping
from typing import Literal

from mailaudit.locale import NO_VALUE, Language, language
from mailaudit.report.brief.chart import trend_chart
from mailaudit.report.brief.uses import use_bar
from mailaudit.report.printing import shown_value
from mailaudit.report.results import NamedRate
from mailaudit.report.sections.notices import copy_note
from mailaudit.report.tables import Kind, Tone
from mailaudit.report.typesetting import typeset
from mailaudit.report.value import Figure, Report

PIXELS_PER_INCH = 144  # of a page 960 points wide: 1920 by 1080


def render_brief_pdf(report: Report) -> bytes:
    """The card as PDF; equal Reports give the same bytes on every machine."""
    return _render(report, "pdf")


def render_brief_png(report: Report) -> bytes:
    """The card as a picture of 1920 by 1080 pixels; equal Reports give the same bytes."""
    return _render(report, "png")


def _render(report: Report, kind: Literal["pdf", "png"]) -> bytes:
    card = _Card(report)
    return typeset(
        "brief.typ",
        card.data(),
        at=report.cut_off_at,
        kind=kind,
        pixels_per_inch=PIXELS_PER_INCH,
        own_fonts_only=True,
        inputs={"chart": card.chart()},
    )


class _Card:
    def __init__(self, report: Report) -> None:
        self._report = report
        self._spoken: Language = language(report.language)
        self._figures: Mapping[str, Figure] = {
            figure.key: figure for section in report.sections for figure in section.figures
        }

    def data(self) -> object:
        """What the template prints."""
        report, _ = self._report, self._spoken.gettext
        return {
            "language": report.language,
            "organisation": report.organisation,
            "title": report.title,
            "subtitle": report.subtitle,
            "mark": report.mark,
            "footer": copy_note(report.audience, self._spoken),
            "digest": _("SHA-256 of the data") + " " + report.digest,
            "notices": " ".join(report.notices),
            "official": report.official,
            # A whole that sources of several kinds measured has no rates to draw.
            "trend": _("Rate of regular use of the whole by month") if not self._is_mixed else "",
            "rate": self._headline(),
            "target": self._target(),
            "change": self._change(),
            "uses": use_bar(report, self._spoken),
            "tiles": [
                *(self._tile(key) for key in self._figures if key.startswith("regular ")),
                *(self._tile(key) for key in ("doubt", "coverage", "met") if key in self._figures),
                *self._group(_("Group with the highest rate"), report.results.best_group),
                *self._group(_("Group with the lowest rate"), report.results.weakest_group),
            ],
        }

    def chart(self) -> str:
        """The trend as SVG."""
        report, label = self._report, self._spoken.gettext("Target")
        return trend_chart(report.series, report.axis, report.target, label, self._spoken)

    @property
    def _is_mixed(self) -> bool:
        total = self._report.results.total
        return total is not None and total.is_mixed

    def _headline(self) -> object:
        _ = self._spoken.gettext
        figure = self._figures.get("regular")
        return {
            "label": figure.label if figure else _("Rate of regular use"),
            "value": self._shown(figure),
            "explanation": figure.explanation if figure else _("Not published in this copy"),
        }

    def _target(self) -> object:
        """How far it is to the target; the headline's words have the target itself."""
        _, sums = self._spoken.gettext, self._report.results.total
        if sums is None or sums.rate is None:
            return {"text": "", "met": False}
        missing = self._spoken.number(sums.counts.short_of(self._report.target))
        text = _("Target met") if sums.meets_target else _("{number} people short of the target")
        return {"text": text.format(number=missing), "met": sums.meets_target}

    def _change(self) -> str:
        figure = self._figures.get("change")
        if figure is None or figure.values[0] is None:
            return figure.explanation if figure else ""
        arrow = {Tone.GOOD: "▲ ", Tone.POOR: "▼ "}.get(figure.tone, "")
        return f"{arrow}{self._shown(figure)} {figure.explanation}"

    def _tile(self, key: str) -> object:
        figure = self._figures[key]
        return {
            "label": figure.label,
            "value": self._shown(figure),
            "explanation": figure.explanation,
        }

    def _group(self, label: str, group: NamedRate | None) -> Iterator[object]:
        if group is not None:
            share = f"{self._spoken.percent(group.rate)}%"
            yield {"label": label, "value": share, "explanation": group.name}

    def _shown(self, figure: Figure | None) -> str:
        if figure is None:
            return NO_VALUE
        texts = [shown_value(value, figure.kind, spoken=self._spoken) for value in figure.values]
        known = all(value is not None for value in figure.values)
        return " / ".join(texts) + ("%" if figure.kind is Kind.PERCENT and known else "")
