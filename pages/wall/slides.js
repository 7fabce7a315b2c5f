/* Slides: what stands above the journey strip. Each is drawn from the same frame; none adds a number that the frame does not hold. */
function slideNodes(name, frame, w, focus) {
  const draw = { focus: focusSlide, voices: voicesSlide, promises: promisesSlide, hours: hoursSlide, alert: alertSlide }[name];
  return draw ? draw(frame, w, focus) : null;
}

/* A slide is worth showing only when it has something to say. */
function slideHas(name, frame) {
  if (name === "journey") return true;
  if (frame.closed || frame.as_of) return false;
  if (name === "focus") return focusStages(frame).length > 0;
  if (name === "voices") return frame.voices.length >= 2;
  if (name === "promises") return frame.promises.length >= 2;
  if (name === "hours") return frame.hours.length >= 6;
  return name === "alert" && frame.alerts.length > 0;
}

const focusStages = (frame) => frame.stages.filter((stage) => stage.mark !== null && stage.gap !== null && stage.state === "live").sort((a, b) => b.moment - a.moment || a.gap - b.gap);

function focusSlide(frame, w, turn) {
  const stages = focusStages(frame), stage = stages[turn % Math.max(1, Math.min(3, stages.length))];
  if (!stage) return null;
  const kind = kindOf(stage.shape), held = frame.promises.find((promise) => promise.stage === stage.id && promise.share !== null);
  return h("section", { class: "slide focus" },
    h("div", { class: "big-name" }, stage.moment ? h("span", { class: "note" }, w.t("wall.moment_1") + " " + w.t("wall.moment_2")) : null, h("div", null, w.name(stage.name))),
    h("div", { class: "figures" },
      h("div", null, h("div", { class: "lab" }, w.t("wall.experience")), h("div", { class: "fig" }, shownMark(stage.mark, w, stage.firm))),
      h("div", null, h("div", { class: "lab" }, w.t("wall.promise")), h("div", { class: "fig on" }, w.number(stage.promise))),
      h("div", null, h("div", { class: "lab" }, w.t("wall.gap")), h("div", { class: "fig " + kind }, shape(kind), shownGap(stage.gap, w, stage.firm)))),
    h("p", { class: "sentence" }, held ? [promiseSentence(held, w), " ", h("small", null, "(", nOf(held.n, w), ")")] : [w.t(`shape.${kind}_long`), " ", h("small", null, "(", nOf(stage.n, w), ")")]));
}

function voicesSlide(frame, w) {
  return h("section", { class: "slide says" }, h("div", { class: "lab" }, w.t("wall.voices"), frame.base ? h("span", null, w.fill("wall.base_long", { share: w.percent(frame.base.low_share), n: w.whole(frame.base.n) })) : null),
    h("div", { class: "all" }, voicesOf(frame, w).map((voice) => h("blockquote", null, h("q", { lang: voice.language }, voice.text), h("cite", null, w.t("channel." + voice.channel) + " · " + stageName(frame, voice.stage, w))))));
}

function promisesSlide(frame, w) {
  return h("section", { class: "slide words" }, h("div", { class: "lab" }, w.t("wall.promises")),
    h("ul", null, frame.promises.slice(0, 5).map((promise) => {
      const kind = { kept: "above", more: "above", broken: "below" }[promise.verdict] || "unsure";
      return h("li", { key: promise.code }, shape(kind), h("span", { class: "text" }, w.name(promise.text)), h("b", { class: kind }, promise.share === null ? w.number(promise.mark) : w.percent(promise.share)), h("i", null, w.t("wall.verdict_" + promise.verdict), " · ", nOf(promise.n, w)));
    })));
}

/* Every hour has its place; an hour with fewer than five questions stays open, for nobody may be recognised. */
function hoursSlide(frame, w) {
  const most = Math.max(...frame.hours.map((hour) => hour.n || 0), 1), width = 170, tallest = 32, step = width / frame.hours.length;
  const key = (color, text) => h("span", { class: "key" }, h("svg", { viewBox: "0 0 10 10" }, h("rect", { width: 10, height: 10, fill: color })), w.t(text));
  return h("section", { class: "slide day" }, h("div", { class: "lab" }, w.t("wall.hours"), key(COLOR.on, "wall.hours_in_time"), key(COLOR.below, "wall.hours_late")),
    h("div", { class: "bars" }, h("svg", { viewBox: `0 0 ${width} 40`, preserveAspectRatio: "xMidYMax meet", role: "img", "aria-label": w.t("wall.hours") },
      h("line", { x1: 0, x2: width, y1: 36, y2: 36, stroke: COLOR.ink, "stroke-opacity": 0.25, "stroke-width": 0.14 }),
      frame.hours.map((hour, i) => hourBar(hour, i, { most, tallest, step, w })))));
}

function hourBar(hour, i, { most, tallest, step, w }) {
  const x = i * step, wide = step * 0.7, left = x + (step - wide) / 2;
  const label = i % 2 ? null : h("text", { x: x + step / 2, y: 39.4, "text-anchor": "middle", "font-size": 2.3, fill: COLOR.soft }, w.time(hour.at).slice(0, 2));
  if (hour.n === null) return h("g", { key: hour.at }, label);
  const tall = (hour.n / most) * tallest, done = tall * hour.share;
  return h("g", { key: hour.at },
    h("rect", { x: left, y: 36 - tall, width: wide, height: tall, fill: COLOR.below }),
    h("rect", { x: left, y: 36 - done, width: wide, height: done, fill: COLOR.on }),
    h("text", { x: x + step / 2, y: 36 - tall - 0.9, "text-anchor": "middle", "font-size": 2.2, fill: COLOR.ink }, w.whole(hour.n)), label);
}

function alertSlide(frame, w) {
  const alert = frame.alerts[0];
  if (!alert) return null;
  return h("section", { class: "slide alert" }, h("div", { class: "lab" }, w.t("wall.alert_title")), h("p", { class: "huge" }, shape("below"), " ", alertLine(alert, frame, w)),
    alert.share !== undefined && alert.share !== null ? h("p", { class: "sentence" }, promiseSentence(alert, w), " ", h("small", null, "(", nOf(alert.n, w), ")"))
      : alert.before !== undefined ? h("p", { class: "sentence" }, w.fill("wall.alert_from_to", { before: w.number(alert.before), now: h("b", { class: "below" }, w.number(alert.now)) })) : null);
}
