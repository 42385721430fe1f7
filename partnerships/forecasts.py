"""The rules of forecasts, for PostgreSQL and for the messages that people see first.

A forecast is a claim about the future, with a likelihood. It can be compared with its outcome fairly only if it was
public before the outcome, if its likelihood was not changed afterwards, and if somebody other than its author judges
it.
"""

import datetime as dt
from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    CAME_ABOUT = "came_about", _("Came about")
    DID_NOT = "did_not", _("Did not come about")
    UNRESOLVABLE = "unresolvable", _("Unresolvable")


NOT_A_FORECAST = gettext_noop("Only a forecast is resolved.")
NOT_PUBLISHED = gettext_noop("A forecast is resolved once it was published.")
BY_ITS_AUTHOR = gettext_noop("You wrote this forecast: somebody else has to say how it ended.")
BEFORE_PUBLICATION = gettext_noop("On this day the forecast was not yet published.")
NO_DEADLINE = gettext_noop("The forecast names no day by which it would have come about: give it one first.")
TOO_EARLY = gettext_noop("On this day it could still come about.")
OUTSIDE_ITS_TIME = gettext_noop("This day lies outside of the time that the forecast is about.")
KEEPS_LIKELIHOOD = gettext_noop(
    "A published forecast keeps its likelihood: write another forecast, so that both are scored."
)
GETS_NO_LIKELIHOOD = gettext_noop(
    "It was published without a likelihood, and gets none later: write another forecast with one, so that it is scored."
)
TIME_IS_OVER = gettext_noop("The time of this forecast is over, and gets no longer: record how it ended.")
STAYS_AS_IT_WAS = gettext_noop("This forecast is resolved: its kind, likelihood and dates stay as they were.")


def deadline_of(claim: Any) -> dt.date | None:
    """The last day on which `claim` can still come about; None if it names none."""
    return max((day for day in (claim.review_by, claim.valid_latest) if day is not None), default=None)


def why_not_resolved(claim: Any, *, outcome: str, as_of: dt.date, by: Any) -> tuple[str, str] | None:
    """The field and the reason for which `claim` cannot be resolved like this; None if it can.

    The same rules as `ResolvesAForecast`.
    """
    deadline = deadline_of(claim)
    refusals = (
        (claim.kind != "forecast", "claim", NOT_A_FORECAST),
        (claim.published_at is None, "claim", NOT_PUBLISHED),
        (claim.author_id == by.pk, "claim", BY_ITS_AUTHOR),
        (claim.published_at is not None and as_of < claim.published_at.date(), "as_of", BEFORE_PUBLICATION),
        (outcome == Outcome.DID_NOT and deadline is None, "outcome", NO_DEADLINE),
        (outcome == Outcome.DID_NOT and deadline is not None and as_of < deadline, "as_of", TOO_EARLY),
        (
            outcome == Outcome.CAME_ABOUT
            and ((claim.valid_earliest or dt.date.min) > as_of or (deadline or dt.date.max) < as_of),
            "as_of",
            OUTSIDE_ITS_TIME,
        ),
    )
    return next(((field, gettext(message)) for holds, field, message in refusals if holds), None)


def why_likelihood_stays(published: str, likelihood: str) -> str:
    """Why a claim that was published with the likelihood `published` cannot have another; empty if it is the same.

    The same rules as `ForecastStands`.
    """
    if likelihood == published:
        return ""
    return gettext(KEEPS_LIKELIHOOD if published else GETS_NO_LIKELIHOOD)


def why_time_stays(claim: Any, *, on: dt.date) -> str:
    """Why `claim`, as it was published, cannot have another time; empty if it can.

    The same rule as `ForecastStands`.
    """
    deadline = deadline_of(claim)
    is_over = claim.kind == "forecast" and deadline is not None and deadline < on
    return gettext(TIME_IS_OVER) if is_over else ""


def raised_if(condition: str, message: str, table: str, column: str, rule: str) -> str:
    """PL/pgSQL that refuses a row for which `condition` holds."""
    return f"""
            IF {condition} THEN
                RAISE EXCEPTION '{message}'
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = '{column}',
                          CONSTRAINT = '{table}_{rule}';
            END IF;"""


class ResolvesAForecast(pgtrigger.Trigger):
    """Only a forecast can be resolved, not by its author, and not before its time.

    It must have been public before: what nobody could read was no forecast, and somebody who publishes only the
    forecasts that came about would look well calibrated. `why_not_resolved` is the counterpart in Python.
    """

    name = "resolves_a_forecast"
    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def get_declare(self, model: type[models.Model]) -> list[tuple[str, str]]:
        return [("forecast", "partnerships_claim%ROWTYPE"), ("deadline", "DATE")]

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table

        refusals = (
            ("forecast.kind <> 'forecast'", NOT_A_FORECAST, "claim_id"),
            ("forecast.published_at IS NULL", NOT_PUBLISHED, "claim_id"),
            ("forecast.author_id = NEW.by_id", BY_ITS_AUTHOR, "claim_id"),
            ("NEW.as_of < (forecast.published_at AT TIME ZONE 'UTC')::date", BEFORE_PUBLICATION, "as_of"),
            ("NEW.outcome = 'did_not' AND deadline IS NULL", NO_DEADLINE, "outcome"),
            ("NEW.outcome = 'did_not' AND NEW.as_of < deadline", TOO_EARLY, "as_of"),
            (
                "NEW.outcome = 'came_about' AND (forecast.valid_earliest > NEW.as_of OR deadline < NEW.as_of)",
                OUTSIDE_ITS_TIME,
                "as_of",
            ),
        )
        checks = "".join(
            raised_if(condition, message, table, column, self.name) for condition, message, column in refusals
        )
        return f"""
            -- Locked, so that what was foretold does not change at the same moment.
            SELECT * INTO forecast FROM partnerships_claim WHERE id = NEW.claim_id FOR NO KEY UPDATE;
            deadline := GREATEST(forecast.review_by, forecast.valid_latest);
            {checks}
            RETURN NEW;
        """


class ForecastStands(pgtrigger.Trigger):
    """A published claim keeps its likelihood, or the lack of one; a resolved one keeps everything it was judged by.

    Otherwise hindsight could improve a forecast: by changing its likelihood, by adding one late, by making another kind
    of claim a forecast, or by extending its time. Whoever changes their mind writes another forecast, and both are
    scored.
    """

    name = "forecast_stands"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    condition = pgtrigger.Condition("OLD.published_at IS NOT NULL")

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table
        likelihood = "".join(
            raised_if(f"{condition} AND NEW.likelihood <> OLD.likelihood", message, table, "likelihood", self.name)
            for condition, message in (
                ("OLD.likelihood <> ''", KEEPS_LIKELIHOOD),
                ("OLD.likelihood = ''", GETS_NO_LIKELIHOOD),
            )
        )
        judged_by = ("kind", "review_by", "valid")
        new, old = (", ".join(f"{row}.{column}" for column in judged_by) for row in ("NEW", "OLD"))
        resolved = raised_if(
            f"""({new}) IS DISTINCT FROM ({old})
                AND EXISTS (SELECT 1 FROM partnerships_resolution AS resolution WHERE resolution.claim_id = NEW.id)""",
            STAYS_AS_IT_WAS,
            table,
            "kind",
            self.name,
        )
        over = raised_if(
            """OLD.kind = 'forecast' AND (NEW.review_by, NEW.valid) IS DISTINCT FROM (OLD.review_by, OLD.valid)
                AND GREATEST(OLD.review_by, OLD.valid_latest) < (now() AT TIME ZONE 'UTC')::DATE""",
            TIME_IS_OVER,
            table,
            "review_by",
            self.name,
        )
        return f"{likelihood}{resolved}{over} RETURN NEW;"
