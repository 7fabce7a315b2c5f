"""The rhythm of a company: how many contacts begin when, by month, weekday, holiday and hour, in local time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
import numpy as np

from connectors.sample.chance import Array
from connectors.sample.company import Company, company
from connectors.sample.effects import Effects
from connectors.sample.story import DAY_MS, Story

QUIETEST = 1 / 3  # the live stream at night, against its own average
YEAR_DAYS = 364


def day_rates(story: Story, day: date, contacts: int) -> Array:
    """How many contacts begin on a local day per cell (stages, channels), for a company of `contacts` contacts a year.

    Month, weekday, Dutch holiday and the story's volumes are in it.
    """
    firm = company()
    rates = firm.mix * firm.weekday[:, day.weekday()] * firm.season_of(day.month)[:, None]
    if is_holiday(day):
        rates = rates * firm.holiday
    stage, channel = np.indices(rates.shape)
    noon = np.full(rates.size, midnight(day, story.zone) + DAY_MS // 2)
    volume = Effects(story, noon, stage.ravel(), channel.ravel()).times("volume").reshape(rates.shape)
    return rates * volume * contacts / YEAR_DAYS


def begun(rng: np.random.Generator, story: Story, day: date, contacts: int) -> tuple[Array, Array, Array]:
    """Moments (UTC ms, sorted), stages and channels of the contacts that begin on a local day."""
    firm, rates = company(), day_rates(story, day, contacts)
    cells = rng.choice(rates.size, rng.poisson(rates.sum()), p=(rates / rates.sum()).ravel())
    stage, channel = np.divmod(cells, rates.shape[1])
    hours = (rng.random(len(cells))[:, None] > np.cumsum(firm.hours, axis=1)[channel]).sum(axis=1).clip(0, 23)
    start, end = midnight(day, story.zone), midnight(day + timedelta(days=1), story.zone)
    born = start + ((hours + rng.random(len(cells))) / 24 * (end - start)).astype(np.int64)
    order = np.argsort(born, kind="stable")
    return born[order], stage[order], channel[order]


def begun_live(rng: np.random.Generator, story: Story, start: int, end: int, per_minute: float) -> tuple[Array, Array, Array]:
    """The same for a short span (UTC ms) of the live stream, of which `per_minute` begin in an average minute."""
    moment = datetime.fromtimestamp(start / 1000, story.zone)
    rates = day_rates(story, moment.date(), YEAR_DAYS) * company().hours[:, moment.hour]
    level = max(QUIETEST, rates.sum() / _average(company()))
    n = rng.poisson(per_minute * level * (end - start) / 60_000)
    cells = rng.choice(rates.size, n, p=(rates / rates.sum()).ravel())
    stage, channel = np.divmod(cells, rates.shape[1])
    return np.sort(rng.integers(start, end, n)), stage, channel


def is_holiday(day: date) -> bool:
    """Whether `day` is a Dutch public holiday."""
    return day in _holidays(day.year)


@lru_cache(maxsize=8)
def _holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("NL", years=year)


@lru_cache(maxsize=4096)
def midnight(day: date, zone: ZoneInfo) -> int:
    """UTC ms at which a local day begins."""
    return round(datetime.combine(day, time(), zone).timestamp() * 1000)


@lru_cache(maxsize=1)
def _average(firm: Company) -> float:
    return float((firm.mix.sum(axis=0) / firm.hours.shape[1]).sum())
