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
    frame.voices.slice(0, 3).map((voice) => h("blockquote", null, h("q", { lang: voice.language }, voice.text), h("cite", null, w.t("channel." + voice.channel) + " · " + stageName(frame, voice.stage, w)))));
}

function promisesSlide(frame, w) {
  return h("section", { class: "slide words" }, h("div", { class: "lab" }, w.t("wall.promises")),
    h("ul", null, frame.promises.slice(0, 5).map((promise) => {
      const kind = { kept: "above", more: "above", broken: "below" }[promise.verdict] || "unsure";
      return h("li", null, shape(kind), h("span", { class: "text" }, w.name(promise.text)), h("b", { class: kind }, promise.share === null ? (promise.mark === null ? "–" : w.number(promise.mark)) : w.percent(promise.share)), h("i", null, w.t("wall.verdict_" + promise.verdict), " · ", nOf(promise.n, w)));
    })));
}

function hoursSlide(frame, w) {
  const most = Math.max(...frame.hours.map((hour) => hour.n), 1), width = 170, step = width / frame.hours.length;
  return h("section", { class: "slide day" }, h("div", { class: "lab" }, w.t("wall.hours"), h("span", null, w.t("wall.hours_legend"))),
    h("svg", { viewBox: `0 0 ${width} 34`, role: "img", "aria-label": w.t("wall.hours") },
      frame.hours.map((hour, i) => {
        const tall = (hour.n / most) * 27, x = i * step, done = hour.share === null ? 0 : tall * hour.share;
        return h("g", { key: hour.at },
          h("rect", { x: x + step * 0.12, y: 29 - tall, width: step * 0.76, height: tall, fill: COLOR.below, "fill-opacity": hour.share === null ? 0.25 : 0.55 }),
          h("rect", { x: x + step * 0.12, y: 29 - done, width: step * 0.76, height: done, fill: COLOR.on }),
          i % 2 ? null : h("text", { x: x + step / 2, y: 33.6, "text-anchor": "middle", "font-size": 2.6, fill: COLOR.soft }, w.time(hour.at).slice(0, 2)));
      })));
}

function alertSlide(frame, w) {
  const alert = frame.alerts[0];
  if (!alert) return null;
  return h("section", { class: "slide alert" }, h("div", { class: "lab" }, w.t("wall.alert_title")), h("p", { class: "huge" }, shape("below"), " ", alertLine(alert, frame, w)),
    alert.share !== undefined && alert.share !== null ? h("p", { class: "sentence" }, promiseSentence(alert, w), " ", h("small", null, "(", nOf(alert.n, w), ")"))
      : alert.before !== undefined ? h("p", { class: "sentence" }, w.fill("wall.alert_from_to", { before: w.number(alert.before), now: h("b", { class: "below" }, w.number(alert.now)) })) : null);
}
