"""What the register says in sentences: the page's headline, each verdict, and each advice with its reason."""

from __future__ import annotations

import math

from config.language import Texts
from config.wording import duration, listed, percent_span, signed_span, span
from metrics.capability import WINDOW
from metrics.registry import metric as metric_of
from metrics.verdict import BROKEN, KEPT, OVER, UNPROVEN
from metrics.weeks import day_from
from reports.names import Names
from reports.promised import MONTH, Register, Standing
from reports.sentences import capital, count_word
from store.people.promises import Promise

SHAPE = {KEPT: "on", BROKEN: "below", OVER: "above", UNPROVEN: "unsure"}
ORDER = (BROKEN, KEPT, OVER, UNPROVEN)


def headline(register: Register, t: Texts) -> str:
    """The page's answer: how many promises were kept and broken, and the plainest broken one."""
    if not register.rows:
        return t("promises.none")
    total = len(register.rows)
    parts = [t(f"promises.n_{name}", count=count_word(t, register.count(name))) for name in ORDER if register.count(name)]
    values = {"period": capital(period_name(register, t)), "total": count_word(t, total), "parts": listed(t, parts)}
    first = t("promises.answer_one" if total == 1 else "promises.answer", **values)
    worst = next((row for row in register.rows if row.verdict.verdict == BROKEN and row.promise.kind == "hard"), None)
    if worst is None:
        return first
    said = {
        "text": worst.promise.text(t.code),
        "share": t.percent(worst.verdict.shown.value),
        "best": t.percent(worst.capability.best),
    }
    if not math.isfinite(worst.capability.best):
        return first
    return first + " " + t("promises.worst", **said)


def period_name(register: Register, t: Texts) -> str:
    """The period in words: the month's name, or the last 28 days."""
    last = day_from(register.period.last)
    return t(f"month.{last.month}") if register.period.kind == MONTH else t("promises.days")


def period_line(register: Register, t: Texts) -> str:
    """The small line above the headline: what kind of verdict this is, and whether it is final."""
    last = day_from(register.period.last)
    if register.period.kind == MONTH:
        return t("promises.month_line", month=t(f"month.{last.month}"), year=last.year)
    return t("promises.days_line", day=t.short_day(last))


def finding(register: Register, t: Texts) -> str:
    """The finding above the register: of the broken ones, how many a lower bar would do for."""
    broken = [row for row in register.rows if row.verdict.verdict == BROKEN]
    if not broken:
        return t("promises.none_broken")
    lower = sum(row.advice.code == "lower_bar" for row in broken)
    better = sum(row.advice.kind == "raise" for row in broken)
    head = t("promises.one_broken") if len(broken) == 1 else t("promises.broken", count=capital(count_word(t, len(broken))))
    tails = [
        t(f"promises.{name}{'_one' if n == 1 else ''}", count=count_word(t, n))
        for name, n in (("lower", lower), ("better", better))
        if n
    ]
    return head + (" " + listed(t, tails) if tails else "")


def verdict_word(row: Standing, t: Texts) -> str:
    """The verdict in words."""
    return t(f"verdict.{row.verdict.verdict}")


def value_text(row: Standing, t: Texts) -> tuple[str, str]:
    """The share kept (or the gap in marks) and its interval, as texts."""
    shown = row.verdict.shown
    if not math.isfinite(shown.value):
        return "", ""
    if row.promise.kind == "soft":
        return t.signed(shown.value), signed_span(t, shown.low, shown.high)
    return t.percent(shown.value), percent_span(t, shown.low, shown.high)


def advice_title(row: Standing, t: Texts) -> str:
    """The advice in a few words."""
    return t(f"advice.{row.advice.code}", action=row.advice.action)


def advice_reason(row: Standing, names: Names) -> str:
    """Why: the numbers that the advice rests on, in one sentence."""
    t, advice, verdict = names.t, row.advice, row.verdict
    if row.unhappy:
        return t("why.unhappy", mark=t.number(row.mark.value), span=f"[{span(t, row.mark.low, row.mark.high)}]")
    if advice.code in ("keep", "may_sharpen"):
        return _kept_reason(row, names)
    values = {
        "best": _amount(row, row.capability.best, t),
        "target": _amount(row, row.target, t),
        "bar": bar_text(row, t),
        "weeks": count_word(t, max(1, advice.weeks_needed)),
        "stage": names.stage(row.promise.stage),
        "from_week": _week_of(row, 0),
        "to_week": _week_of(row, WINDOW - 1),
        "action": advice.action,
    }
    codes = {reason.code: reason.values for reason in advice.reasons}
    floor = codes.get("below_floor", {})
    marks = {name: t.number(float(floor.get(name, math.nan))) if _known(floor.get(name)) else "–" for name in ("mark", "floor")}
    why = "truth" if "moment_of_truth" in codes else "leading" if "leading_stage" in codes else ""
    key = f"why.{advice.code}" + (f"_{why}" if why and advice.code == "raise_lower_meanwhile" else "")
    if advice.code == "raise_cannot_lower" and marks["mark"] == "–":
        key += "_unknown"
    return t(key, **values, **marks) if verdict.verdict == BROKEN else ""


def bar_text(row: Standing, t: Texts) -> str:
    """The new bar that is advised: a time as people promise it, a share, or a mark."""
    if row.advice.bar is None:
        return ""
    if row.promise.kind == "soft":
        return t.number(row.advice.bar)
    if metric_of(row.promise.metric).kind == "share":
        return t.percent(row.advice.bar)
    return step_text(row.advice.step, row.advice.bar, t)


def step_text(step: str, seconds: float, t: Texts) -> str:
    """A communicable step as it would stand in an advertisement: `vandaag`, `uiterlijk morgen`, `binnen 4 uur`."""
    return t(f"step.{step}") if step in ("today", "tomorrow") else t("step.within", time=duration(t, seconds))


def promise_line(promise: Promise, names: Names) -> str:
    """Where it was said, to whom, and who heard it: stage, channel, customer group, campaign, place, reach."""
    t = names.t
    parts = [
        names.stage(promise.stage),
        names.channel(promise.channel).lower() if promise.channel else t("promises.every_channel"),
        *([names.segment(promise.segment).lower()] if promise.segment else []),
    ]
    campaign, where = promise.campaign(t.code), promise.said_where(t.code)
    said = ", ".join(part for part in (campaign and t("promises.campaign", name=campaign), where) if part)
    return " · ".join([*parts, *([said] if said else []), t("promises.reach", share=t.percent(promise.reach))])


def bar_of_promise(promise: Promise, t: Texts) -> str:
    """What a hard promise promises, in its measure's words: `wachttijd binnen 30 seconden, 95%`."""
    if promise.kind == "soft":
        return t("promises.soft_bar", mark=t.number(promise.soft_mark or 0.0))
    share = t.percent(promise.share or 0.95)
    name = metric_of(promise.metric).name(t.code).lower()
    if promise.threshold is None or metric_of(promise.metric).kind != "duration":
        return f"{name}, {share}"
    return t("promises.hard_bar", metric=name, time=duration(t, promise.threshold), share=share)


def _kept_reason(row: Standing, names: Names) -> str:
    t, verdict, soft = names.t, row.verdict, row.promise.kind == "soft"
    if verdict.verdict == UNPROVEN:
        if not soft and verdict.needed > 0:
            return t("why.needed", n=t.whole(verdict.needed))
        if not math.isfinite(verdict.shown.value):
            return t("why.no_mark")
        return t("why.guessed" if soft and row.expected and row.expected.survey_weight < 0.5 else "why.straddles")
    if verdict.verdict == OVER and not soft and verdict.upper is not None:
        share, leading = t.percent(row.target), "why.sharpen" if row.advice.code == "may_sharpen" else "why.over"
        return t(
            leading, share=share, upper=duration(t, verdict.upper), stage=names.stage(row.promise.stage), bar=bar_text(row, t)
        )
    if soft:
        expected = t.number(row.expected.value) if row.expected else "–"
        return t("why.soft_kept", mark=t.number(row.mark.value), expected=expected)
    return t("why.kept", low=t.percent(verdict.shown.low))


def _amount(row: Standing, value: float, t: Texts) -> str:
    if not math.isfinite(value):
        return "–"
    return t.number(value) if row.promise.kind == "soft" else t.percent(value)


def _week_of(row: Standing, after: int) -> int:
    i = row.capability.best_week + after
    return row.weeks[i].week % 100 if row.capability.best_week >= 0 and i < len(row.weeks) else 0


def _known(value: object) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)
