/* Words: the screen's language. Numbers, times and spans as Dutch or English writes them, and sentences with marked parts. */
function makeWords(texts, language, zone) {
  const locale = language === "nl" ? "nl-NL" : "en-GB";
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  const day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone: zone });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: zone });
  const month = new Intl.DateTimeFormat(locale, { month: "long", timeZone: zone });
  const dayShort = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: zone });
  const dated = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: zone });
  const clock = new Intl.DateTimeFormat("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  const one = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, useGrouping: "always" });
  const round = (value) => Math.sign(value) * Math.floor(Math.abs(value) * 10 + 0.5 + 1e-9) / 10;
  const t = (key) => (texts[language] || {})[key] ?? key;
  return {
    language, t, name: (pair) => (pair ? pair[language] || pair.en || "" : ""),
    number: (value) => one.format(round(value)),
    half: (value) => halved(value),
    whole: (value) => whole.format(value),
    signed: (value) => {
      const rounded = round(value);
      return rounded === 0 ? one.format(0) : (rounded < 0 ? "−" : "+") + one.format(Math.abs(rounded));
    },
    percent: (share) => whole.format(Math.floor(share * 100 + 0.5)) + "%",
    time: (at) => time.format(at),
    day: (at) => day.format(at),
    dayShort: (at) => dayShort.format(at),
    month: (at) => month.format(at),
    dated: (at) => dated.format(at),
    moment: (at, now) => (dated.format(at) === dated.format(now) ? time.format(at) : Math.abs(now - at) < 6 * 86400000 ? weekday.format(at) + " " + time.format(at) : dated.format(at)),
    since: (at, now) => (dated.format(at) === dated.format(now) ? time.format(at) : Math.abs(now - at) < 6 * 86400000 ? weekday.format(at) : dated.format(at)),
    local: (at) => {
      const parts = Object.fromEntries(clock.formatToParts(at).map((part) => [part.type, part.value]));
      return { day: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(parts.weekday) + 1, clock: parts.hour + ":" + parts.minute };
    },
    span: (seconds) => span(seconds, t, one),
    fill: (key, values) => fill(t(key), values),
  };
}

/* To a half, as a Dutch school report writes it: 7½, 6, −½. */
function halved(value) {
  const half = Math.floor(Math.abs(value) * 2 + 0.5) / 2, whole = Math.floor(half);
  return (value < 0 && half ? "−" : "") + (whole || half === 0 ? whole : "") + (half > whole ? "½" : "");
}

function span(seconds, t, one) {
  const say = (count, unit) => `${Number.isInteger(count) ? count : one.format(count)}\u00a0${t("wall.unit." + unit + (count === 1 ? "" : "s"))}`;
  if (seconds < 90 && seconds !== 60) return say(seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds), "second");
  if (seconds < 3600) return say(Math.round(seconds / 60), "minute");
  if (seconds >= 172800 && seconds % 86400 === 0) return say(seconds / 86400, "day");
  const hours = Math.floor(seconds / 3600), minutes = Math.floor((seconds % 3600) / 60);
  return minutes ? `${say(hours, "hour")} ${say(minutes, "minute")}` : say(hours, "hour");
}

/* "{share} within {span}" with values that are texts or nodes, as a list of children. */
function fill(text, values) {
  return text.split(/(\{\w+\})/).filter(Boolean).map((part) => {
    const name = part.match(/^\{(\w+)\}$/);
    return name && name[1] in values ? values[name[1]] : part;
  });
}
