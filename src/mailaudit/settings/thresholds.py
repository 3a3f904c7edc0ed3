"""The [rules] table: every threshold of `model.rules.Rules`, percentages instead of shares."""

import dataclasses
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from mailaudit.errors import N_
from mailaudit.model.rules import Grade, Rules
from mailaudit.settings.table import Table, keys
from mailaudit.settings.values import Part, Percent, PrintedText, Text, Words, refusal

ELSEWHERE = {"min_published", "coarse_extremes"}  # keys of [report]
# Lists that share no word, each with those that stand before it.
APART = {
    "in_scope_job_titles": ("exempt_job_titles",),
    "joined_statuses": ("excluded_statuses",),
    "left_statuses": ("excluded_statuses", "joined_statuses"),
}


class GradeRow(Table):
    """One [[rules.grades]]: its name, and the percentage of regular users it starts at."""

    name: Text
    from_share: Percent = Field(alias="from")


# How a threshold is written, by its name or its type in `Rules`, and which whole numbers it may be.
TYPES: dict[object, object] = {
    Fraction: Percent,
    str: PrintedText,
    "regular": Literal["sent-and-read", "any-activity", "sent"],
    frozenset[str]: Words,
    "min_regular_months_share": Part,
    "min_months_share": Part,
    tuple[Grade, ...]: Annotated[tuple[GradeRow, ...], Field(strict=False)],
}
BOUNDS: dict[str, object] = {
    "min_sent_days": Field(ge=1, le=23),
    "read_grace_working_days": Field(ge=0, le=23),
    "read_waived_below": Field(ge=0),
    "min_in_scope": Field(ge=1),
    "small_unit": Field(ge=0),
    "min_joined_working_days": Field(ge=1, le=23),
}


def _key(threshold: dataclasses.Field[Any]) -> str:
    """What a threshold is called in the file: `min_read_share` is `min_read_percent`."""
    is_share = threshold.type is Fraction
    return f"{threshold.name.removesuffix('_share')}_percent" if is_share else threshold.name


def _default(threshold: dataclasses.Field[Any]) -> object:
    if threshold.name != "grades":
        return threshold.default
    return tuple(
        GradeRow.model_construct(name=grade.name, from_share=grade.from_share)
        for grade in Rules().grades
    )


THRESHOLDS = [
    threshold for threshold in dataclasses.fields(Rules) if threshold.name not in ELSEWHERE
]
_Keys = keys(
    {
        _key(one): (
            Annotated[TYPES.get(one.name, TYPES.get(one.type, one.type)), BOUNDS.get(one.name)],
            _default(one),
        )
        for one in THRESHOLDS
    }
)


class Thresholds(_Keys):  # type: ignore[misc,valid-type]
    """What decides published numbers; names, meanings and defaults are those of `Rules`."""

    @field_validator("grades")
    @classmethod
    def _best_first(cls, grades: tuple[GradeRow, ...]) -> tuple[GradeRow, ...]:
        starts = [grade.from_share for grade in grades]
        if starts != sorted(set(starts), reverse=True) or starts[-1:] != [0]:
            raise refusal(N_("must stand best first, each starting lower, the last from 0"))
        if len({grade.name for grade in grades}) < len(grades):
            raise refusal(N_("must have a different name each"))
        return grades

    @field_validator("in_scope_job_titles", "joined_statuses", "left_statuses")
    @classmethod
    def _in_one_list_only(cls, words: frozenset[str], info: ValidationInfo) -> frozenset[str]:
        for other in APART[info.field_name or ""]:
            if words & info.data.get(other, frozenset()):
                raise refusal(N_("has a word that stands in {other} too"), other=f"rules.{other}")
        return words

    def values(self) -> dict[str, Any]:
        """The thresholds as `Rules` takes them."""
        values = {threshold.name: getattr(self, _key(threshold)) for threshold in THRESHOLDS}
        return values | {"grades": tuple(Grade(row.name, row.from_share) for row in self.grades)}
