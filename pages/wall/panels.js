/* Panels: the parts of the screen, each a description made from the frame. */
const kindOf = (shape) => shape || "unsure";
const shownMark = (mark, w, firm = true) => (mark === null || mark === undefined ? "–" : firm ? w.number(mark) : w.half(mark));
const shownGap = (gap, w, firm = true) => (firm ? w.signed(gap) : (gap > 0 ? "+" : "") + w.half(gap));
const nOf = (n, w) => w.fill("wall.n", { n: w.whole(n) });

function bandPanel(frame, w) {
  const parts = [];
  if (frame.demo) parts.push(h("b", null, w.t("wall.demo")), h("span", null, w.fill("wall.demo_company", { company: w.name(frame.company) })));
  if (frame.as_of) parts.push(h("b", null, w.t("wall.old")), h("span", null, w.fill("wall.old_since", { date: w.dated(frame.as_of) })));
  return parts.length ? h("div", { class: "band" }, parts) : h("div", { class: "band none" });
}

function headerPanel(frame, w, now, beating) {
  const alert = frame.alerts[0];
  const tag = alert ? h("div", { class: "tag alert" }, shape("below"), alertLine(alert, frame, w)) : h("div", { class: "tag" }, tagText(frame, w));
  const [hours, minutes] = w.time(now).split(":");
  return h("header", null,
    h("div", { class: "brand" }, h("svg", { viewBox: "0 0 30 24", "aria-hidden": "true" }, h("path", { d: "M0 24 L13 0 H21 L30 24 H21.5 L17.2 11 L9.6 24 Z", fill: COLOR.on })), w.name(frame.company)),
    tag,
    h("div", { class: "clock" }, h("span", null, w.day(now)), h("b", null, hours, h("i", { class: beating ? "beat" : "rest" }, ":"), minutes)));
}

function tagText(frame, w) {
  if (frame.closed) return w.fill("wall.tag_closed", { time: w.moment(frame.closed.closed_at, frame.at) });
  return w.t(frame.as_of ? "wall.tag_old" : frame.range ? "wall.tag_" + frame.range : "wall.tag");
}

function alertLine(alert, frame, w) {
  const stage = frame.stages.find((found) => found.id === alert.stage);
  return w.fill("wall.alert_" + alert.kind, { stage: stage ? w.name(stage.name) : w.t("wall.whole_journey"), time: w.since(alert.began_at, frame.at) });
}

function headPanel(frame, w) {
  return frame.closed ? closedHead(frame, w) : openHead(frame, w);
}

function openHead(frame, w) {
  const x = frame.headline, kind = kindOf(x.shape);
  return h("section", { class: "head", key: "head-" + (frame.range || "now"), enter: true },
    h("div", { class: "f-x" }, h("div", { class: "lab" }, w.t("wall.experience")), figure("experience", "", x.mark, w), h("div", { class: "sub" }, lateNote(frame, w) || experienceNote(x, w))),
    h("div", { class: "f-p" }, h("div", { class: "lab" }, w.t("wall.promise")), figure("promise", "on", x.promise, w), h("div", { class: "sub" }, promiseNote(x, w))),
    h("div", { class: "f-gap" }, h("div", { class: "lab" }, w.t("wall.gap")),
      x.gap === null ? figure("gap", "", null, w) : h("div", { class: "fig " + kind, fade: true, "data-figure": "gap" }, shape(kind), w.signed(x.gap)),
      h("div", { class: "gapword " + kind }, x.gap === null ? "" : w.t(`shape.${kind}_long`))),
    biggestPanel(frame, w));
}

function figure(name, colour, mark, w) {
  const nothing = mark === null || mark === undefined;
  return h("div", { class: "fig " + (nothing ? "nothing" : colour), fade: true, "data-figure": name }, shownMark(mark, w));
}

/* The headline mixes late stages in, so it says so. */
function lateNote(frame, w) {
  const late = frame.stages.filter((stage) => stage.state === "late" || stage.aged).length;
  if (!late || frame.headline.mark === null) return null;
  return h("span", { class: "late-note" }, clockIcon(w.t("wall.late")), w.fill(late === 1 ? "wall.late_stage" : "wall.late_stages", { late, of: frame.stages.length }));
}

function experienceNote(x, w) {
  if (x.mark === null) return w.fill("wall.few_short", { n: w.whole(x.n), needed: w.whole(x.needed) });
  return [(x.firm ? "" : "≈ ") + `± ${w.number((x.high - x.low) / 2)} · `, nOf(x.n, w)];
}

function promiseNote(x, w) {
  if (x.mark === null) return "";
  if (x.promise === null) return w.t("wall.no_promise");
  if (x.stages < x.of) return w.fill("wall.stages_of", { stages: x.stages, of: x.of });
  return w.t(x.window === "today" ? "wall.scale" : "wall.window_" + x.window);
}

function closedHead(frame, w) {
  const c = frame.closed;
  return h("section", { class: "head" },
    h("div", { class: "f-x" }, h("div", { class: "lab" }, w.t("wall.desk")), h("div", { class: "fig" }, w.t("wall.closed")), h("div", { class: "sub big" }, w.fill("wall.opens", { time: w.moment(c.opens_at, frame.at) }))),
    h("div", { class: "biggest" }, h("div", { class: "lab" }, w.fill("wall.since", { time: w.time(c.closed_at) })), h("p", null, closedSentence(c, w))));
}

function closedSentence(c, w) {
  if (!c.asked && !c.waiting) return w.t("wall.closed_none");
  const count = c.waiting || c.asked;
  const asked = h("b", null, w.fill(count === 1 ? "wall.customer" : "wall.customers", { n: w.whole(count) }));
  if (!c.waiting) return w.fill("wall.closed_asked", { customers: asked });
  const late = c.promised_s && c.oldest_s > c.promised_s;
  return [w.fill("wall.closed_waiting", { customers: asked, wait: h("b", { class: "nowrap" + (late ? " below" : "") }, w.span(c.oldest_s)) }),
    c.promised_s ? [" ", h("small", null, w.fill("wall.promised_in_brackets", { span: w.span(c.promised_s) }))] : null];
}

function biggestPanel(frame, w) {
  const b = frame.biggest;
  const label = (b && b.gap !== undefined && b.gap >= 0 ? "wall.smallest" : b && b.near ? "wall.big" : "wall.biggest") + (frame.range ? "_range" : "");
  return h("div", { class: "biggest" }, h("div", { class: "lab" }, w.fill(label, { range: frame.range ? rangeWords(frame, w) : "" })), h("p", { fade: true }, b ? biggestSentence(b, frame, w) : w.t(stale(frame) ? "wall.no_fresh" : "wall.no_gap")));
}

function biggestSentence(b, frame, w) {
  const stage = frame.stages.find((found) => found.id === b.stage);
  const name = h("b", null, w.name(stage.name) + ":"), small = h("small", null, "(", nOf(b.n, w), ")");
  if (b.kind === "gap") return [name, " ", w.fill("wall.gap_sentence", { mark: w.number(b.mark), promise: w.number(b.promise), gap: h("b", { class: kindOf(b.shape) }, w.signed(b.gap)) }), " ", small];
  return [name, " ", ...promiseSentence(b, w), " ", small];
}

/* A longer range in words: the last 28 days, or this month by its name. */
const rangeWords = (frame, w) => (frame.range === "month" ? w.fill("wall.range_month", { month: w.month(frame.at) }).join("") : w.t("wall.range_28d"));

function promiseSentence(b, w) {
  const share = h("b", { class: b.verdict === "broken" ? "below" : b.verdict === "kept" ? "above" : "" }, w.percent(b.share));
  const window = w.t("wall.when_" + b.window);
  return w.fill("wall.kept_" + (w.t("wall.kept_" + b.metric) === "wall.kept_" + b.metric ? "other" : b.metric), { span: b.threshold === null ? "" : w.span(b.threshold), when: window, share });
}

function tile(stage, frame, w) {
  const kind = kindOf(stage.shape), none = stage.mark === null;
  const name = h("div", { class: "name", fade: true }, w.name(stage.name));
  const row = h("div", { class: "row" },
    h("div", { class: "mark" + (none ? " soft" : ""), fade: true }, stage.firm || none ? null : h("i", { class: "about" }, "≈"), shownMark(stage.mark, w, stage.firm)),
    h("div", { class: "prom" }, w.t("wall.promise_line"), h("b", null, stage.promise === null ? "–" : w.number(stage.promise))));
  return h("li", { class: `st ${stage.state}${stage.moment ? " moment" : ""}`, "data-stage": stage.id, "data-state": stage.state }, name, row, gapLine(stage, frame, w, kind, none),
    none ? null : h("div", { class: "ev" }, (stage.window === "today" || frame.range) && stage.spark.filter((mark) => mark !== null).length > 2 ? sparkline(stage.spark, stage.promise) : null, h("span", null, nOf(stage.n, w), stage.window === "today" || frame.range ? "" : " · " + w.t("wall.short_" + stage.window))),
    stage.moment ? h("div", { class: "mot" }, w.t("wall.moment_1") + " " + w.t("wall.moment_2")) : null);
}

function gapLine(stage, frame, w, kind, none) {
  if (stage.state === "none") return h("div", { class: "gap msg" }, w.fill("wall.none_since", { time: stage.heard_at ? w.moment(stage.heard_at, frame.at) : "–" }));
  if (none) return h("div", { class: "gap msg" }, w.fill("wall.few", { n: w.whole(stage.n), needed: w.whole(stage.needed) }));
  if (stage.state === "late") return h("div", { class: "gap late" }, clockIcon(w.t("wall.late")), w.t("wall.late") + " · " + w.moment(stage.heard_at, frame.at));
  if (stage.gap === null) return h("div", { class: "gap msg soft" }, w.t("wall.no_promise"));
  return h("div", { class: "gap " + kind, fade: true }, shape(kind), shownGap(stage.gap, w, stage.firm), " ", h("i", null, w.t("shape." + kind)));
}

function lowerPanel(frame, w, second, slide) {
  const voices = slide === "voices" ? contactPanel(frame, w, "voices") : voicesPanel(frame, w);
  return h("section", { class: "lower" + (voices.children.length ? "" : " two") }, themesPanel(frame, w), voices, goodPanel(frame, w, slide === "voices" ? 0 : second));
}

function themesPanel(frame, w) {
  const arrows = { up: ["M3 17L16 4M6 3.5H16.5V14", "wall.more_often"], down: ["M3 3L16 16M6 16.5H16.5V6", "wall.less_often"], flat: ["M2 10H17M12 5L17.5 10L12 15", "wall.as_often"] };
  const rows = frame.themes.map((theme) => {
    const [d, label] = arrows[theme.direction];
    return h("li", { class: theme.direction === "up" ? "" : "soft", key: theme.id }, h("svg", { viewBox: "0 0 20 20", role: "img", "aria-label": w.t(label) }, h("path", { d, fill: "none", stroke: "currentColor", "stroke-width": 2.8 })), h("span", null, w.name(theme.name)), h("b", null, w.whole(theme.n)));
  });
  return h("div", { class: "themes" }, h("h2", null, w.t(frame.closed ? "wall.themes_closed" : "wall.themes"), h("span", null, w.t("wall.times"))), h("ul", null, rows.length ? rows : h("li", { class: "none soft" }, w.t("wall.no_themes"))));
}

/* Quotes in the screen's own language when there are any. */
function voicesOf(frame, w) {
  const own = frame.voices.filter((voice) => voice.language === w.language);
  return (own.length ? own : frame.voices).slice(0, 3);
}

function voicesPanel(frame, w) {
  if (!frame.voices.length) return contactPanel(frame, w, "voices");
  const quotes = voicesOf(frame, w).map((voice) => h("blockquote", { key: voice.text }, h("q", { lang: voice.language }, voice.text), h("cite", null, said(voice, frame, w))));
  return h("div", { class: "voices" }, h("h2", null, w.t("wall.voices"), frame.base ? h("span", null, w.fill("wall.base", { share: w.percent(frame.base.low_share), n: w.whole(frame.base.n) })) : null), quotes);
}

/* Where it was said; the stage too when both fit on the line. */
function said(voice, frame, w) {
  const channel = w.t("channel." + voice.channel), whole = channel + " · " + stageName(frame, voice.stage, w);
  return voice.text.length + whole.length <= 56 ? whole : channel;
}

const stageName = (frame, id, w) => w.name((frame.stages.find((stage) => stage.id === id) || {}).name);

function contactPanel(frame, w, place) {
  const c = frame.contact;
  if (!c) return h("div", { class: place });
  return h("div", { class: place + " contact" }, h("h2", null, w.t("wall.contact")), h("p", { fade: true }, w.t("channel." + c.channel) + ": ", h("b", null, w.percent(c.share)), " ", w.fill("wall.contact_within", { span: w.span(c.threshold) })), h("div", { class: "sub" }, w.t("wall.contact_when"), " · ", nOf(c.n, w)));
}

function goodPanel(frame, w, second) {
  const good = frame.good, contactToo = frame.voices.length && frame.contact;
  if (!good || (contactToo && second % 30 >= 20)) return contactPanel(frame, w, "good");
  const highest = good.kind === "highest", sign = good.kind === "kept" ? "on" : "above";
  const above = h("span", { class: highest ? "nowrap" : sign + " nowrap" }, highest ? null : [shape(sign), " "], w.fill("wall.good_" + good.kind + "_2", { share: good.kind === "kept" ? w.percent(good.share) : "" }));
  return h("div", { class: "good" + (good.fresh ? " fresh" : "") }, h("h2", null, w.t(highest ? "wall.good_now" : "wall.good")),
    h("p", { fade: true }, w.fill("wall.good_" + good.kind + (good.days === 1 ? "_one" : ""), { stage: stageName(frame, good.stage, w), days: good.days ? w.whole(good.days) : "" }), h("br"), above),
    h("div", { class: "sub" }, good.gap === null ? null : [w.fill("wall.good_today", { gap: w.signed(good.gap) }), " · "], nOf(good.n, w)));
}

function footerPanel(frame, w) {
  if (frame.closed && !frame.sources.some((source) => source.status !== "live")) return h("footer", null, h("div", { class: "src" }, h("span", null, w.fill("wall.stand", { time: "" }), h("b", null, w.time(frame.closed.closed_at)))), h("div", { class: "privacy" }, w.t("wall.privacy")));
  const late = frame.sources.filter((source) => source.status !== "live"), live = frame.sources.filter((source) => source.status === "live");
  const fits = Math.max(0, 5 - late.length), shown = live.length > fits ? live.slice(0, Math.max(0, fits - 1)) : live, rest = live.length - shown.length;
  return h("footer", null,
    h("div", { class: "src" },
      shown.map((source) => h("span", { key: source.name }, sourceName(source, w) + " ", h("b", null, w.moment(source.heard_at, frame.at)))),
      rest ? h("span", null, w.fill("wall.rest_live", { n: rest })) : null,
      late.slice(0, 5).map((source) => h("span", { key: source.name, class: "late" }, clockIcon(w.t("wall.late")), sourceName(source, w), lateSince(source, late.length, frame, w)))),
    h("div", { class: "privacy" }, w.t("wall.privacy")));
}

function lateSince(source, count, frame, w) {
  if (!source.heard_at) return " · " + w.t("wall.never");
  const time = w.moment(source.heard_at, frame.at);
  return count > 1 ? [" ", h("b", null, time)] : " · " + w.t("wall.last_data") + " " + time;
}

const sourceName = (source, w) => (source.shared ? source.name : w.t("channel." + source.channel));
