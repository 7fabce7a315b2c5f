"""What customers say on the week page: the most typical voices of what moved, each with how many say so."""

from __future__ import annotations

from config.wording import percent_span, share_span
from pages.sheet import Node, el, sheet
from pages.visit import Visit, link
from reports import sentences
from reports.names import Names
from reports.week import Edition, Quote
from store.engine import instant


def draw(told: Edition, visit: Visit, names: Names) -> None:
    """Draw the section."""
    t, cause = visit.t, told.cause
    if cause is None:
        return
    nodes: list[Node] = [el("h2", "section", _voices_title(told.quotes, names))]
    name = t("week.name", week=told.week.week % 100)
    values = {"week": name, "stage": names.stage(cause.stage), "channel": names.channel(cause.channel).lower()}
    if told.quotes:
        nodes.append(el("p", "cap", t("voices.caption", **values)))
        nodes.append(el("div", "quotes gap-top", *[_quote(quote, visit, names) for quote in told.quotes]))
    else:
        nodes.append(el("p", "cap", t("voices.none")))
    href = link("voices", stage=cause.stage, channel=cause.channel, week=sentences.iso_week(told.week.week))
    nodes.append(el("p", "gap-top", el("a", {"href": href, "target": "_self"}, t("voices.read_all", **values))))
    sheet(nodes, "voices")


def _voices_title(quotes: tuple[Quote, ...], names: Names) -> str:
    t = names.t
    if not quotes:
        return t("voices.title")
    theme, voice = quotes[0].theme, quotes[0].voice
    return t(
        "voices.title_theme",
        share=t.percent(theme.now.value),
        channel=names.channel(voice.channel).lower(),
        theme=names.theme(theme.id),
    )


def _quote(quote: Quote, visit: Visit, names: Names) -> Node:
    """A customer's own words, as a text node; beside them how many say so."""
    t, voice, theme = visit.t, quote.voice, quote.theme
    when = instant(voice.happened_at).astimezone(visit.zone)
    mark = t("voices.mark" if voice.own else "voices.tone", mark=t.number(voice.mark or 0.0))
    by = f"{names.channel(voice.channel).lower()} · {t.short_day(when)} · {mark}"
    before = t("voices.before", share=share_span(t, theme.before.value, theme.before.low, theme.before.high))
    rate = el(
        "p",
        "rate",
        el("b", None, t.percent(theme.now.value)),
        f" {percent_span(t, theme.now.low, theme.now.high)} {t('voices.said', theme=names.theme(theme.id))} · {before}",
    )
    bar = el("div", "bar", el("div", {"style": f"width:{100 * theme.now.value:.0f}%"}))
    return el("div", "quote", el("p", "words", f"‘{voice.text}’"), el("p", "by", by), bar, rate)
