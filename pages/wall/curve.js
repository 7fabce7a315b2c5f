/* The journey curve: monotone cubic (Fritsch-Carlson), which never invents a peak or a valley between two stages, on a fixed scale. */
const BAND = 0.15;

function slopes(at, values) {
  const n = values.length, rise = [], slope = new Array(n).fill(0);
  for (let i = 0; i < n - 1; i++) rise[i] = (values[i + 1] - values[i]) / (at[i + 1] - at[i]);
  for (let i = 1; i < n - 1; i++) slope[i] = rise[i - 1] * rise[i] <= 0 ? 0 : (2 * rise[i - 1] * rise[i]) / (rise[i - 1] + rise[i]);
  return slope;
}

function pathOf(at, values, map, backwards) {
  const m = slopes(at, values), order = [...at.keys()];
  const point = (a, v) => map(a, v).map((z) => z.toFixed(2)).join(" ");
  if (backwards) order.reverse();
  return order.map((i, k) => {
    if (!k) return (backwards ? "L" : "M") + point(at[i], values[i]);
    const j = order[k - 1], third = (at[i] - at[j]) / 3;
    return "C" + point(at[j] + third, values[j] + m[j] * third) + " " + point(at[i] - third, values[i] - m[i] * third) + " " + point(at[i], values[i]);
  }).join("");
}

/* Runs of neighbouring stages that all have what `has` asks for; the curve breaks between them. */
function runsOf(stages, has) {
  const runs = [];
  let run = [];
  stages.forEach((stage, i) => {
    if (has(stage)) run.push(i);
    else if (run.length) { runs.push(run); run = []; }
  });
  if (run.length) runs.push(run);
  return runs;
}

function curveNodes(stages, shown, layout, words) {
  const { at, width, height, portrait, scale } = layout;
  const [low, high] = scale, edge = 1.6, room = stages.some((stage) => stage.moment) ? 7 : 0.6; // above the curve, and above the marker on it, stands "moment of truth"
  const held = (mark) => Math.max(low, Math.min(high, mark));
  const map = portrait
    ? (t, mark) => [edge + ((held(mark) - low) / (high - low)) * (width - 2 * edge), t]
    : (t, mark) => [t, room + ((high - held(mark)) / (high - low)) * (height - 1.8 - room)];
  const has = (i) => shown[i] !== null, promised = (i) => stages[i].promise !== null;
  const point = (i) => map(at[i], shown[i]), promise = (i) => map(at[i], stages[i].promise);
  const promises = runsOf(stages, (stage) => stage.promise !== null);
  const runs = runsOf(stages, (stage) => shown[stages.indexOf(stage)] !== null);
  const old = (i) => stages[i].state === "late";
  return [
    h("linearGradient", { id: "shortfall", gradientUnits: "userSpaceOnUse", x1: portrait ? width : 0, y1: 0, x2: 0, y2: portrait ? 0 : height },
      h("stop", { offset: "0.15", "stop-color": COLOR.below, "stop-opacity": 0.34 }), h("stop", { offset: "0.85", "stop-color": COLOR.below, "stop-opacity": 0.62 })),
    stages.map((stage, i) => stem(stage, i, { at, width, height, portrait, words, promise, point, has, promised })),
    promises.map((run) => promiseBand(run, { at, stages, map })),
    fills(runs, { at, stages, shown, map, portrait, width, height, old, promised, low }),
    stages.map((stage, i) => (has(i) && promised(i) && stage.shape === "below" ? bar(promise(i), point(i)) : null)),
    promises.map((run) => (run.length > 1 ? h("path", { d: pathOf(run.map((i) => at[i]), run.map((i) => stages[i].promise), map), fill: "none", stroke: COLOR.promise, "stroke-width": 0.5 })
      : h("circle", { cx: promise(run[0])[0], cy: promise(run[0])[1], r: 0.7, fill: COLOR.promise }))),
    runs.map((run) => segments(run, { at, shown, map, old })),
    stages.map((stage, i) => (has(i) ? marker(point(i), stage) : promised(i) ? ring(promise(i)) : null)),
    legend(stages, { at, portrait, has, promised, point, promise, words, width }),
  ];
}

function stem(stage, i, c) {
  const tops = [c.has(i) ? c.point(i)[1] : null, c.promised(i) ? c.promise(i)[1] : null].filter((y) => y !== null);
  const top = tops.length ? Math.min(...tops) : c.height / 2;
  const line = c.portrait ? { x1: 0, x2: c.width, y1: c.at[i], y2: c.at[i] } : { x1: c.at[i], x2: c.at[i], y1: stage.moment ? top - 1.3 : 0, y2: c.height };
  const nodes = [h("line", { ...line, stroke: stage.moment ? COLOR.note : COLOR.ink, "stroke-opacity": stage.moment ? 0.75 : 0.15, "stroke-width": stage.moment ? 0.22 : 0.14 })];
  if (stage.moment && !c.portrait) {
    const y = Math.max(4.1, top - 2.8), x = c.at[i] - 1.33;
    nodes.push(h("text", { "font-size": 2.2, fill: COLOR.note, "font-weight": 500 }, h("tspan", { x, y: y - 2.5 }, c.words.t("wall.moment_1")), h("tspan", { x, y }, c.words.t("wall.moment_2"))));
  }
  return nodes;
}

function promiseBand(run, { at, stages, map }) {
  const t = run.map((i) => at[i]), p = run.map((i) => stages[i].promise);
  if (run.length < 2) return null;
  return h("path", { d: pathOf(t, p.map((x) => x + BAND), map) + pathOf(t, p.map((x) => x - BAND), map, true) + "Z", fill: COLOR.promise, "fill-opacity": 0.22 });
}

/* Filled only below the promise, fainter where a neighbour is late. */
function fills(runs, c) {
  const nodes = [];
  runs.forEach((run, r) => {
    for (let k = 0; k < run.length - 1; k++) {
      const i = run[k], j = run[k + 1];
      if (!c.promised(i) || !c.promised(j)) continue;
      const steps = 24, lived = [], wanted = [];
      const ml = slopes(run.map((q) => c.at[q]), run.map((q) => c.shown[q]));
      const mp = slopesOf(c, i, j);
      for (let s = 0; s <= steps; s++) {
        const t = s / steps, x = hermite(c.shown[i], c.shown[j], ml[k], ml[k + 1], c.at[j] - c.at[i], t);
        const p = hermite(c.stages[i].promise, c.stages[j].promise, mp[0], mp[1], c.at[j] - c.at[i], t);
        lived.push([c.at[i] + t * (c.at[j] - c.at[i]), Math.min(x, p)]);
        wanted.push([c.at[i] + t * (c.at[j] - c.at[i]), p]);
      }
      const d = "M" + [...lived, ...wanted.reverse()].map(([a, b]) => c.map(a, b).map((z) => z.toFixed(2)).join(" ")).join("L") + "Z";
      nodes.push(h("path", { key: `f${r}-${k}`, d, fill: "url(#shortfall)", "fill-opacity": c.old(i) || c.old(j) ? 0.4 : 1 }));
    }
  });
  return nodes;
}

function slopesOf(c, i, j) {
  const run = runsOf(c.stages, (stage) => stage.promise !== null).find((r) => r.includes(i));
  const m = slopes(run.map((q) => c.at[q]), run.map((q) => c.stages[q].promise));
  return [m[run.indexOf(i)], m[run.indexOf(j)]];
}

function hermite(a, b, ma, mb, width, t) {
  const t2 = t * t, t3 = t2 * t;
  return (2 * t3 - 3 * t2 + 1) * a + (t3 - 2 * t2 + t) * width * ma + (-2 * t3 + 3 * t2) * b + (t3 - t2) * width * mb;
}

function bar(from, to) {
  return h("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], stroke: COLOR.below, "stroke-width": 0.5 });
}

function segments(run, { at, shown, map, old }) {
  const t = run.map((i) => at[i]), v = run.map((i) => shown[i]), m = slopes(t, v), nodes = [];
  for (let k = 0; k < run.length - 1; k++) {
    const third = (t[k + 1] - t[k]) / 3, late = old(run[k]) || old(run[k + 1]);
    const points = [map(t[k], v[k]), map(t[k] + third, v[k] + m[k] * third), map(t[k + 1] - third, v[k + 1] - m[k + 1] * third), map(t[k + 1], v[k + 1])];
    const [a, b, c, d] = points.map((p) => p.map((z) => z.toFixed(2)).join(" "));
    nodes.push(h("path", { d: `M${a}C${b} ${c} ${d}`, fill: "none", stroke: late ? COLOR.soft : COLOR.ink, "stroke-width": late ? 0.6 : 0.9, "stroke-linecap": late ? "butt" : "round", "stroke-dasharray": late ? "1.1 .9" : null }));
  }
  return nodes;
}

function marker([x, y], stage) {
  const kind = stage.shape || "unsure", hollow = stage.state === "late" || !stage.firm || kind === "unsure";
  const d = {
    below: "M-1.6 -1.2H1.6L0 1.65Z", above: "M-1.6 1.2H1.6L0 -1.65Z", on: "M-1.25 0a1.25 1.25 0 1 0 2.5 0a1.25 1.25 0 1 0 -2.5 0Z", unsure: "M-1.15 0a1.15 1.15 0 1 0 2.3 0a1.15 1.15 0 1 0 -2.3 0Z",
  }[kind];
  return h("g", { transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})` },
    h("path", { d, fill: hollow ? COLOR.background : COLOR[kind], stroke: COLOR.background, "stroke-width": 1.1, "paint-order": "stroke", "stroke-linejoin": "round" }),
    hollow ? h("path", { d, fill: "none", stroke: kind === "unsure" ? COLOR.ink : COLOR[kind], "stroke-width": 0.42 }) : null);
}

function ring([x, y]) {
  return h("circle", { cx: x, cy: y, r: 1.25, fill: COLOR.background, stroke: COLOR.ink, "stroke-width": 0.35, "stroke-dasharray": ".8 .5" });
}

function legend(stages, c) {
  return c.portrait ? legendAbove(stages, c) : legendBeside(stages, c);
}

function legendBeside(stages, c) {
  const last = stages.length - 1, x = c.at[last] + 2.8, lines = [];
  if (c.promised(last)) lines.push([c.promise(last)[1], c.words.t("wall.promise_line"), COLOR.promise]);
  if (c.has(last)) lines.push([c.point(last)[1], c.words.t("wall.experience_line"), COLOR.ink]);
  lines.sort((a, b) => a[0] - b[0]);
  if (lines[1] && lines[1][0] - lines[0][0] < 3.4) {
    const middle = (lines[0][0] + lines[1][0]) / 2;
    lines[0][0] = middle - 1.7;
    lines[1][0] = middle + 1.7;
  }
  const y = (lines.length ? lines[lines.length - 1][0] : 8) + 4.2;
  return [
    lines.map(([at, text, color]) => h("text", { x, y: at + 0.95, "font-size": 2.7, "font-weight": 600, fill: color }, text)),
    h("rect", { x, y: y - 1.05, width: 2.4, height: 2.1, fill: COLOR.below, "fill-opacity": 0.55 }),
    h("text", { x: x + 3.4, y: y + 0.9, "font-size": 2.5, "font-weight": 600, fill: COLOR.below }, c.words.t("wall.below_line")),
  ];
}

function legendAbove(stages, c) {
  const y = c.at[0] - 5.4, a = c.has(0) ? c.point(0)[0] : c.width * 0.72, b = c.promised(0) ? c.promise(0)[0] : c.width * 0.62, up = a >= b;
  const wide = (text) => text.length * 1.5, lived = c.words.t("wall.experience_line"), told = c.words.t("wall.promise_line"), below = c.words.t("wall.below_short");
  const left = up ? b - 1.6 - wide(told) : a - wide(lived), right = up ? a + wide(lived) : b + 1.6 + wide(told), room = 4.5 + wide(below);
  const key = left > room ? 0 : c.width - right > room ? c.width - room + 1.4 : null;
  return [
    h("text", { x: a + (up ? -0.2 : 0.2), y, "text-anchor": up ? "start" : "end", "font-size": 2.6, "font-weight": 600, fill: COLOR.ink }, lived),
    h("text", { x: up ? b - 1.6 : b + 1.6, y, "text-anchor": up ? "end" : "start", "font-size": 2.6, "font-weight": 600, fill: COLOR.promise }, told),
    key === null ? null : h("rect", { x: key, y: y - 2, width: 2.2, height: 2.2, fill: COLOR.below, "fill-opacity": 0.6 }),
    key === null ? null : h("text", { x: key + 3.1, y, "font-size": 2.6, "font-weight": 600, fill: COLOR.below }, below),
  ];
}

/* Sparkline: own scale, at least one mark high, the promise always inside it. */
function sparkline(values, promise) {
  const points = values.filter((v) => v !== null);
  const width = 36.4, x = (i) => (values.length > 1 ? (i * width) / (values.length - 1) : width);
  if (!points.length) return h("svg", { class: "spark", viewBox: "0 0 38 11.4", "aria-hidden": "true" });
  const all = promise === null ? points : [...points, promise];
  const middle = (Math.max(...all) + Math.min(...all)) / 2, half = Math.max(0.5, (Math.max(...all) - Math.min(...all)) / 2);
  const y = (mark) => 5.7 - ((mark - middle) / half) * 4.6;
  const runs = runsOf(values.map((v) => ({ v })), (point) => point.v !== null);
  const last = values.reduce((found, v, i) => (v === null ? found : i), 0);
  return h("svg", { class: "spark", viewBox: "0 0 38 11.4", "aria-hidden": "true" },
    promise === null ? null : h("line", { x1: 0, x2: width, y1: y(promise).toFixed(2), y2: y(promise).toFixed(2), stroke: COLOR.promise, "stroke-width": 0.7 }),
    h("polyline", { fill: "none", stroke: COLOR.ink, "stroke-width": 0.8, "stroke-opacity": 0.4, points: values.map((v, i) => (v === null ? "" : `${x(i).toFixed(2)},${y(v).toFixed(2)}`)).join(" ") }),
    runs.filter((run) => run.length > 1).map((run) => h("polyline", { fill: "none", stroke: COLOR.ink, "stroke-width": 1.15, "stroke-linejoin": "round", points: run.map((i) => `${x(i).toFixed(2)},${y(values[i]).toFixed(2)}`).join(" ") })),
    h("circle", { cx: x(last).toFixed(2), cy: y(values[last]).toFixed(2), r: 1.5, fill: COLOR.ink }));
}
