/* Slides: what stands above the journey strip. Each is drawn from the same frame, over its own range; none adds a number that the frame does not hold. */
function slideNodes(name, frame, w, how) {
  const draw = { focus: focusSlide, voices: voicesSlide, promises: promisesSlide, hours: hoursSlide, alert: alertSlide }[name];
  return draw ? draw(frame, w, how) : null;
}

/* A slide comes in softly when it is another one than before. */
const slide = (name, frame, ...children) => h("section", { class: "slide " + name, key: name + (frame.range || ""), enter: true }, ...children);

/* A slide is worth showing only when it has something to say. */
function slideHas(name, frame) {
  if (name === "journey") return !frame.range || (frame.headline.mark !== null && !frame.as_of);
  if (frame.closed || frame.as_of) return false;
  if (name === "focus") return focusStages(frame).length > 0;
  if (name === "voices") return frame.voices.length >= 2;
  if (name === "promises") return frame.promises.length >= 2;
  if (name === "hours") return frame.hours.length >= 6;
  return name === "alert" && frame.alerts.length > 0;
}

const focusStages = (frame) => frame.stages.filter((stage) => stage.mark !== null && stage.gap !== null && stage.state === "live").sort((a, b) => b.moment - a.moment || a.gap - b.gap);

function focusSlide(frame, w, { turn, portrait }) {
  const stages = focusStages(frame), stage = stages[turn % Math.max(1, Math.min(3, stages.length))];
  if (!stage) return null;
  const kind = kindOf(stage.shape), held = frame.promises.find((promise) => promise.stage === stage.id && promise.share !== null);
  const figure = (label, kind, ...shown) => h("div", null, h("div", { class: "lab" }, w.t(label)), h("div", { class: "fig " + kind }, shown));
  return slide("focus", frame,
    h("div", { class: "two-sides" },
      h("div", { class: "left" },
        h("div", { class: "big-name" }, stage.moment ? h("span", { class: "note" }, w.t("wall.moment_1") + " " + w.t("wall.moment_2")) : null, h("div", null, w.name(stage.name))),
        h("div", { class: "figures" },
          figure("wall.experience", "", shownMark(stage.mark, w, stage.firm)),
          figure("wall.promise", "on", w.number(stage.promise)),
          figure("wall.gap", kind, shape(kind), shownGap(stage.gap, w, stage.firm)))),
      courseChart(stage, frame, w, portrait)),
    h("p", { class: "sentence" + (frame.range ? " longer" : "") }, held ? [promiseSentence(held, w), " ", h("small", null, "(", nOf(held.n, w), ")")] : [w.t(`shape.${kind}_long`), " ", h("small", null, "(", nOf(stage.n, w), ")")]));
}

/* How a stage went: by the hour today, by the day over a longer range; the promise as a line, filled where it was not met. */
function courseChart(stage, frame, w, portrait) {
  const marks = stage.spark, points = marks.filter((mark) => mark !== null);
  if (points.length < 3 || (stage.window !== "today" && !frame.range)) return null;
  const width = portrait ? 90 : 68, height = portrait ? 16 : 24, foot = 4.2, step = frame.range ? 86400000 : 3600000;
  const all = [...points, stage.promise], middle = (Math.max(...all) + Math.min(...all)) / 2, half = Math.max(0.75, (Math.max(...all) - Math.min(...all)) / 2);
  const x = (i) => 1 + (i * (width - 11)) / Math.max(1, marks.length - 1), y = (mark) => (height - foot) * (0.5 - (0.46 * (mark - middle)) / half) + 0.6;
  const at = (i) => frame.at - (marks.length - 1 - i) * step, every = Math.ceil(marks.length / (portrait ? 8 : 6)), last = marks.reduce((found, mark, i) => (mark === null ? found : i), 0);
  const runs = runsOf(marks.map((v) => ({ v })), (point) => point.v !== null);
  const label = (i) => (frame.range ? w.dayShort(at(i)) : w.time(at(i)).slice(0, 2));
  return h("div", { class: "course" }, h("div", { class: "lab" }, frame.range ? w.fill("wall.course_days", { range: rangeWords(frame, w) }) : w.t("wall.course_hours")),
    h("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": w.t("wall.course_hours") },
      h("line", { x1: x(0), x2: x(marks.length - 1), y1: y(stage.promise), y2: y(stage.promise), stroke: COLOR.promise, "stroke-width": 0.45 }),
      runs.filter((run) => run.length > 1).map((run) => h("path", { d: "M" + run.map((i) => `${x(i).toFixed(2)} ${Math.max(y(stage.promise), y(marks[i])).toFixed(2)}`).join("L") + `L${x(run[run.length - 1]).toFixed(2)} ${y(stage.promise).toFixed(2)}L${x(run[0]).toFixed(2)} ${y(stage.promise).toFixed(2)}Z`, fill: COLOR.below, "fill-opacity": 0.4 })),
      h("polyline", { fill: "none", stroke: COLOR.ink, "stroke-width": 0.4, "stroke-opacity": 0.4, points: marks.map((mark, i) => (mark === null ? "" : `${x(i).toFixed(2)},${y(mark).toFixed(2)}`)).join(" ") }),
      runs.filter((run) => run.length > 1).map((run) => h("polyline", { fill: "none", stroke: COLOR.ink, "stroke-width": 0.8, "stroke-linejoin": "round", "stroke-linecap": "round", points: run.map((i) => `${x(i).toFixed(2)},${y(marks[i]).toFixed(2)}`).join(" ") })),
      h("circle", { cx: x(last).toFixed(2), cy: y(marks[last]).toFixed(2), r: 1.05, fill: COLOR.ink }),
      endLabels(marks[last], stage.promise, x(last), y, w),
      marks.map((_, i) => ((marks.length - 1 - i) % every ? null : h("text", { x: x(i), y: height - 0.5, "text-anchor": "middle", "font-size": 2.2, fill: COLOR.soft }, label(i))))));
}

/* The last mark and the promise beside the end of their lines, never on each other. */
function endLabels(mark, promise, x, y, w) {
  const apart = Math.abs(y(mark) - y(promise)) < 3, up = mark >= promise;
  return [
    h("text", { x: x + 2.2, y: y(mark) + 1 + (apart ? (up ? -1.2 : 1.2) : 0), "font-size": 3, "font-weight": 600, fill: COLOR.ink }, w.number(mark)),
    h("text", { x: x + 2.2, y: y(promise) + 1 + (apart ? (up ? 1.5 : -1.2) : 0), "font-size": 3, "font-weight": 600, fill: COLOR.promise }, w.number(promise)),
  ];
}

function voicesSlide(frame, w) {
  return slide("says", frame, h("div", { class: "lab" }, w.t("wall.voices")),
    h("div", { class: "two-sides" },
      h("div", { class: "all" }, voicesOf(frame, w).map((voice) => h("blockquote", { key: voice.text }, h("q", { lang: voice.language }, voice.text), h("cite", null, w.t("channel." + voice.channel) + " · " + stageName(frame, voice.stage, w))))),
      frame.base ? basePanel(frame.base, w) : null));
}

/* The base rate beside the quotes: a hundred dots, so that three voices are not taken for everyone's. */
function basePanel(base, w) {
  const low = Math.round(base.low_share * 100), dots = [];
  for (let i = 0; i < 100; i++) dots.push(h("circle", { cx: 1 + (i % 20) * 2, cy: 1 + Math.floor(i / 20) * 2, r: 0.72, fill: i < low ? COLOR.below : COLOR.ink, "fill-opacity": i < low ? 1 : 0.28 }));
  return h("div", { class: "rate" }, h("div", { class: "fig below" }, w.percent(base.low_share)), h("p", null, w.fill("wall.base_long", { n: w.whole(base.n) })), h("svg", { viewBox: "0 0 40 10", role: "img", "aria-label": w.percent(base.low_share) }, dots));
}

function promisesSlide(frame, w) {
  const shown = frame.promises.slice(0, 5), held = frame.promises.filter((promise) => promise.verdict === "kept" || promise.verdict === "more").length;
  return slide("words", frame, h("div", { class: "lab" }, w.t("wall.promises"), h("span", null, frame.range ? rangeWords(frame, w) : w.t("wall.when_today"))),
    h("p", { class: "sentence" }, w.fill("wall.promises_kept", { kept: h("b", null, w.whole(held)), of: w.whole(frame.promises.length) })),
    h("ul", null, shown.map((promise) => {
      const kind = { kept: "above", more: "above", broken: "below" }[promise.verdict] || "unsure";
      return h("li", { key: promise.code }, shape(kind), h("span", { class: "text" }, w.name(promise.text)), deliveredBar(promise, kind, frame), h("b", { class: kind }, promise.share === null ? w.number(promise.mark) : w.percent(promise.share)), h("i", null, w.t("wall.verdict_" + promise.verdict), h("br"), nOf(promise.n, w)));
    })));
}

/* What was delivered of what was promised: a bar on 0 to 100%, or on 1 to 10, with the promise as a line across. */
function deliveredBar(promise, kind, frame) {
  const stage = frame.stages.find((found) => found.id === promise.stage), soft = promise.share === null;
  const part = soft ? (promise.mark - 1) / 9 : promise.share, goal = soft ? (stage && stage.promise !== null ? (stage.promise - 1) / 9 : null) : promise.target;
  return h("svg", { class: "bar", viewBox: "0 0 30 3", "aria-hidden": "true" },
    h("rect", { x: 0, y: 0.6, width: 30, height: 1.8, rx: 0.9, fill: COLOR.ink, "fill-opacity": 0.14 }),
    h("rect", { x: 0, y: 0.6, width: (30 * part).toFixed(2), height: 1.8, rx: 0.9, fill: COLOR[kind] }),
    goal === null ? null : h("rect", { x: (30 * goal - 0.35).toFixed(2), y: -0.3, width: 0.7, height: 3.6, fill: COLOR.promise, stroke: COLOR.background, "stroke-width": 0.3 }));
}

/* Every hour has its place; an hour with fewer than five questions stays open, for nobody may be recognised. */
function hoursSlide(frame, w) {
  const most = Math.max(...frame.hours.map((hour) => hour.n || 0), 1), width = 170, tallest = 24, step = width / frame.hours.length;
  const told = frame.hours.filter((hour) => hour.n !== null), n = told.reduce((sum, hour) => sum + hour.n, 0), share = told.reduce((sum, hour) => sum + hour.n * hour.share, 0) / Math.max(1, n);
  const key = (color, text) => h("span", { class: "key" }, h("svg", { viewBox: "0 0 10 10" }, h("rect", { width: 10, height: 10, fill: color })), w.t(text));
  return slide("day", frame, h("div", { class: "lab" }, w.t("wall.hours"), key(COLOR.on, "wall.hours_in_time"), key(COLOR.below, "wall.hours_late")),
    h("p", { class: "sentence" }, w.fill("wall.hours_share", { share: h("b", null, w.percent(share)) }), " ", h("small", null, "(", nOf(n, w), ")")),
    h("div", { class: "bars" }, h("svg", { viewBox: `0 0 ${width} 32`, preserveAspectRatio: "xMidYMax meet", role: "img", "aria-label": w.t("wall.hours") },
      h("line", { x1: 0, x2: width, y1: 28, y2: 28, stroke: COLOR.ink, "stroke-opacity": 0.25, "stroke-width": 0.14 }),
      frame.hours.map((hour, i) => hourBar(hour, i, { most, tallest, step, w })))));
}

function hourBar(hour, i, { most, tallest, step, w }) {
  const x = i * step, wide = step * 0.7, left = x + (step - wide) / 2;
  const label = i % 2 ? null : h("text", { x: x + step / 2, y: 31.4, "text-anchor": "middle", "font-size": 2.3, fill: COLOR.soft }, w.time(hour.at).slice(0, 2));
  if (hour.n === null) return h("g", { key: hour.at }, label);
  const tall = (hour.n / most) * tallest, done = tall * hour.share;
  return h("g", { key: hour.at },
    h("rect", { x: left, y: 28 - tall, width: wide, height: tall, fill: COLOR.below }),
    h("rect", { x: left, y: 28 - done, width: wide, height: done, fill: COLOR.on }),
    h("text", { x: x + step / 2, y: 28 - tall - 0.9, "text-anchor": "middle", "font-size": 2.2, fill: COLOR.ink }, w.whole(hour.n)), label);
}

function alertSlide(frame, w) {
  const alert = frame.alerts[0];
  if (!alert) return null;
  return slide("alert", frame, h("div", { class: "lab" }, w.t("wall.alert_title")), h("p", { class: "huge" }, shape("below"), " ", alertLine(alert, frame, w)),
    alert.share !== undefined && alert.share !== null ? h("p", { class: "sentence" }, promiseSentence(alert, w), " ", h("small", null, "(", nOf(alert.n, w), ")"))
      : alert.before !== undefined ? fallLines(alert, w) : null);
}

/* From what to what, and as far as it is sure: where, about what, or that there are other customers. */
function fallLines(alert, w) {
  const because = alert.mix ? [w.t("wall.alert_mix")] : [
    alert.channel ? w.fill("wall.alert_channel", { channel: h("b", null, w.t("channel." + alert.channel)) }) : null,
    alert.theme ? w.fill("wall.alert_theme", { theme: h("b", null, w.name(alert.theme)) }) : null].filter(Boolean);
  return [h("p", { class: "sentence" }, w.fill("wall.alert_from_to", { before: w.number(alert.before), now: h("b", { class: "below" }, w.number(alert.now)) }), " ", alert.n ? h("small", null, "(", nOf(alert.n, w), ")") : null),
    because.length ? h("p", { class: "because" }, because.map((one, i) => [i ? " · " : "", one])) : null];
}
