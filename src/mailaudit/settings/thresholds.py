"""The [rules] table: every threshold of `model.rules`, percentages instead of shares."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from mailaudit.errors import N_
from mailaudit.model.rules import Grade, Rules
from mailaudit.settings.values import Percent, Text, Words, refusal

DEFAULTS = Rules()
# Lists that share no word, each with those that stand before it.
APART = {
    "in_scope_job_titles": ("exempt_job_titles",),
    "joined_statuses": ("excluded_statuses",),
    "left_statuses": ("excluded_statuses", "joined_statuses"),
}


class Table(BaseModel):
    """A table of the configuration file: frozen, without unknown keys, without conversions."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        hide_input_in_errors=True,
        revalidate_instances="never",
    )


class GradeRow(Table):
    """One [[rules.grades]]: its name, and the percentage of regular users it starts at."""

    name: Text
    from_share: Percent = Field(alias="from")


class Thresholds(Table):
    """What decides published numbers; the defaults are those of `Rules`."""

    min_sent_days: int = Field(DEFAULTS.min_sent_days, ge=1, le=23)
    min_read_percent: Percent = DEFAULTS.min_read_share
    read_grace_working_days: int = Field(DEFAULTS.read_grace_working_days, ge=0, le=23)
    read_waived_below: int = Field(DEFAULTS.read_waived_below, ge=0)
    min_coverage_percent: Percent = DEFAULTS.min_coverage
    min_in_scope: int = Field(DEFAULTS.min_in_scope, ge=1)
    small_unit: int = Field(DEFAULTS.small_unit, ge=0)
    target_percent: Percent = DEFAULTS.target
    grades: Annotated[tuple[GradeRow, ...], Field(strict=False)] = tuple(
        GradeRow.model_construct(name=grade.name, from_share=grade.from_share)
        for grade in DEFAULTS.grades
    )
    exempt_categories: Words = DEFAULTS.exempt_categories
    in_scope_categories: Words = DEFAULTS.in_scope_categories
    exempt_job_titles: Words = DEFAULTS.exempt_job_titles
    in_scope_job_titles: Words = DEFAULTS.in_scope_job_titles
    excluded_statuses: Words = DEFAULTS.excluded_statuses
    min_excluded_percent: Percent = DEFAULTS.min_excluded_share
    joined_statuses: Words = DEFAULTS.joined_statuses
    min_joined_working_days: int = Field(DEFAULTS.min_joined_working_days, ge=1, le=23)
    left_statuses: Words = DEFAULTS.left_statuses
    in_scope_statuses: Words = DEFAULTS.in_scope_statuses
    max_exempt_percent: Percent = DEFAULTS.max_exempt_share

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

    def rules(self) -> Rules:
        """The thresholds as the model knows them."""
        return Rules(
            min_sent_days=self.min_sent_days,
            min_read_share=self.min_read_percent,
            read_grace_working_days=self.read_grace_working_days,
            read_waived_below=self.read_waived_below,
            min_coverage=self.min_coverage_percent,
            min_in_scope=self.min_in_scope,
            small_unit=self.small_unit,
            target=self.target_percent,
            grades=tuple(Grade(row.name, row.from_share) for row in self.grades),
            exempt_categories=self.exempt_categories,
            in_scope_categories=self.in_scope_categories,
            exempt_job_titles=self.exempt_job_titles,
            in_scope_job_titles=self.in_scope_job_titles,
            excluded_statuses=self.excluded_statuses,
            min_excluded_share=self.min_excluded_percent,
            joined_statuses=self.joined_statuses,
            min_joined_working_days=self.min_joined_working_days,
            left_statuses=self.left_statuses,
            in_scope_statuses=self.in_scope_statuses,
            max_exempt_share=self.max_exempt_percent,
        )
