/* The wall itself: one host over the whole page, drawn from frames, marked by its own watchdog when they stop coming. */
const HOST_ID = "klantblik-wall", SLIDE_MS = 800, SLIDE_EVERY_MS = 5000, ERROR_MS = 10000, GONE_MS = 900000, FROZEN_MS = 15000, DAY_MS = 86400000;

function makeWall(data) {
  const host = document.createElement("div");
  host.id = HOST_ID;
  document.body.appendChild(host);
  const shadow = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = data.style;
  const root = document.createElement("div"), frozen = document.createElement("div");
  frozen.className = "frozen";
  shadow.append(style, root, frozen);
  hidePage();
  loadFont(data.base);

  const show = makeShow(), asked = askedFor(location.search);
  let frame = null, screen = {}, words = null, wordsKey = "", code = null, askingCode = false, shown = [], targets = [], moving = 0, movedAt = 0, beats = 0, beating = true, reloaded = Date.now();
  const link = makeLink(data.base, {
    beat() { beats += 1; window.klantblikBeats = beats; beating = beats % 2 === 0; hold(); render(); },
    frame(next, id) { frame = { ...next, id }; code = null; render(); },
    screen(next) { screen = next; render(); },
    refused() { frame = null; render(); askCode(); },
  });

  /* A dead man's switch: this animation runs on the compositor and shows the banner unless every heartbeat sets it back. */
  const at = FROZEN_MS / DAY_MS;
  const switchAnimation = frozen.animate([{ opacity: 0 }, { opacity: 0, offset: at }, { opacity: 1, offset: at + 1e-6 }, { opacity: 1 }], { duration: DAY_MS, fill: "forwards" });
  function hold() { switchAnimation.currentTime = 0; }

  function w() {
    const language = screen.language || data.language, zone = frame ? frame.zone : data.zone;
    if (wordsKey !== language + zone) { words = makeWords(data.texts, language, zone); wordsKey = language + zone; }
    return words;
  }

  /* One question at a time: the newest answer's cookie replaces the last one's, so the code on the glass must be that answer's. */
  async function askCode() {
    if (askingCode || (code && Date.now() < code.until)) return;
    askingCode = true;
    try {
      const answer = await fetch(data.base + "live/enrol", { method: "POST", cache: "no-store", signal: AbortSignal.timeout(20000) });
      const got = await answer.json();
      code = answer.ok && got.code ? { text: got.code, until: Date.now() + got.minutes * 60000 } : null;
    } catch { code = null; }
    askingCode = false;
    render();
  }

  function render() {
    const t = w(), now = link.now(), portrait = innerWidth <= innerHeight;
    if (link.refused) return patch(root, [h("div", { class: "wall enrol" }, enrolPanel(code, t))]);
    if (!frame) return patch(root, [h("div", { class: "wall waiting" }, waitingPanel(t, link, data))]);
    const fresh = aged(frame, now), broken = link.checked && now - link.checked > ERROR_MS ? link.checked : 0;
    if (broken && now - broken > GONE_MS) stripped(fresh);
    const local = t.local(now), entry = show.slide(fresh, asked.playlist || screen.playlist, local, now), slide = entry.slide;
    const turned = slide !== "journey" && !fresh.closed, told = ranged(fresh, entry.range), strip = turned ? fresh : told;
    const distance = asked.distance || screen.distance || data.distance, far = distance > 5.5;
    const names = ["wall", portrait ? "portrait" : "landscape", fresh.closed && "closed", link.dead && "dead", broken && "broken", stale(fresh) && "stale", turned && "turned", far && "far", Number(local.clock.slice(0, 2)) % 2 && "swap", show.celebrates(fresh, now) && "celebrate", fresh.demo || fresh.as_of ? "banded" : ""];
    frozen.textContent = t.fill("wall.frozen", { time: t.time(link.heardAt) }).join("");
    const nodes = h("div", { class: names.filter(Boolean).join(" "), lang: t.language, "data-frame": fresh.id || "", style: layoutStyle(fresh, now, far ? distance : 5) },
      bandPanel(fresh, t), headerPanel(told, t, link.dead ? link.heardAt : now, beating || link.dead),
      turned ? slideNodes(slide, told, t, { turn: show.turn, portrait }) || headPanel(fresh, t) : headPanel(told, t),
      h("section", { class: "journey" }, h("div", { class: "curve", key: "curve" }), h("ol", { class: "stages" }, strip.stages.map((stage) => tile(stage, strip, t)))),
      lowerPanel(fresh, t, Math.floor(now / 1000), turned ? slide : "journey"), footerPanel(fresh, t),
      overlayPanel(fresh, t, { dead: link.dead, heardAt: link.heardAt, broken, now }));
    keepCurve(() => patch(root, [nodes]));
    drawCurve(strip, t, portrait);
    mayReload(local);
  }

  /* The curve lives in a node of its own, which the patch leaves alone. */
  let curve = null, drawn = null;
  function keepCurve(patchAll) {
    if (curve && curve.parentNode) curve.parentNode.removeChild(curve);
    patchAll();
    curve = curve || document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const place = root.querySelector(".curve");
    if (place) place.appendChild(curve);
  }

  function drawCurve(fresh, t, portrait) {
    drawn = fresh;
    const place = root.querySelector(".curve");
    if (!place || !place.clientHeight) return;
    targets = fresh.stages.map((stage) => stage.mark);
    const still = shown.length !== targets.length || calm() || targets.some((mark, i) => (mark === null) !== (shown[i] === null));
    if (still) shown = [...targets];
    else if (!moving && Date.now() - movedAt > SLIDE_EVERY_MS && targets.some((mark, i) => mark !== shown[i])) move();
    paint(fresh, t, portrait);
  }

  function move() {
    const from = [...shown], to = [...targets], began = performance.now();
    movedAt = Date.now();
    const step = (at) => {
      const part = Math.min(1, (at - began) / SLIDE_MS), eased = 1 - (1 - part) ** 3;
      if (to.length === shown.length) shown = to.map((mark, i) => (mark === null || from[i] === null ? mark : from[i] + (mark - from[i]) * eased));
      paint(drawn, w(), innerWidth <= innerHeight);
      moving = part < 1 ? requestAnimationFrame(step) : 0;
    };
    moving = requestAnimationFrame(step);
  }

  function paint(fresh, t, portrait) {
    if (!fresh || !curve || !curve.parentNode || shown.length !== fresh.stages.length) return;
    const box = curve.parentNode.getBoundingClientRect(), u = parseFloat(getComputedStyle(root.firstChild).getPropertyValue("--px")) || Math.min(innerWidth, innerHeight) / 100;
    const width = box.width / u, height = box.height / u;
    curve.setAttribute("viewBox", `0 0 ${width.toFixed(2)} ${height.toFixed(2)}`);
    const tiles = [...root.querySelectorAll(".st")];
    const at = tiles.map((one) => {
      const mark = (portrait ? one.querySelector(".mark") : one).getBoundingClientRect();
      return portrait ? (mark.top + mark.height / 2 - box.top) / u : (mark.left - box.left) / u + 1.33;
    });
    const masked = shown.map((mark, i) => (fresh.stages[i].mark === null ? null : mark));
    patch(curve, curveNodes(fresh.stages, masked, { at, width, height, portrait, scale: fresh.scale }, t).flat(4).filter(Boolean));
  }

  /* Every night, and once an hour when the page was up for a day: a page that is loaded again cannot grow for months. */
  function mayReload(local) {
    if (Date.now() - reloaded > 3600000 && local.clock >= "03:30" && local.clock < "03:50") { reloaded = Date.now(); link.reloadWhenServed(); }
  }

  const ticking = setInterval(() => { if (link.refused) askCode(); render(); }, 1000);
  addEventListener("resize", render);
  link.open();
  render();

  return {
    update(next) { if (next.language !== data.language) { data.language = next.language; render(); } },
    stop() {
      link.stop();
      clearInterval(ticking);
      cancelAnimationFrame(moving);
      removeEventListener("resize", render);
      switchAnimation.cancel();
      host.remove();
      showPage();
    },
  };
}

/* What the address asks: ?slides=journey,promises:28d (30 s each, over a range) and ?distance=7 (metres), for a screen that is not enrolled. */
function askedFor(search) {
  const query = new URLSearchParams(search), slides = (query.get("slides") || "").split(",").filter(Boolean);
  const distance = Number(query.get("distance"));
  return { playlist: slides.length ? slides.map((slide) => ({ slide: slide.split(":")[0], range: slide.split(":")[1], seconds: 30, share: 1 })) : null, distance: distance >= 1 && distance <= 20 ? distance : 0 };
}

/* The frame as it is at this moment: what grew too old since it was built is marked, or removed, by the screen's own clock. */
function aged(frame, now) {
  const age = (thing) => (thing.none_at && now >= thing.none_at ? "none" : thing.late_at && now >= thing.late_at ? "late" : null);
  const stages = frame.stages.map((stage) => {
    const found = age(stage);
    if (found === "none" && stage.state !== "none") return { ...stage, state: "none", aged: true, mark: null, gap: null, shape: null };
    return found === "late" && stage.state === "live" ? { ...stage, state: "late" } : stage;
  });
  const sources = frame.sources.map((source) => ({ ...source, status: age(source) || source.status }));
  const heard = sources.filter((source) => source.counts);
  const stopped = heard.length && heard.every((source) => source.status !== "live") ? Math.max(...heard.map((source) => source.heard_at)) : 0;
  return headlineAged({ ...frame, stages, sources, stopped });
}

/* The headline stands for the whole journey, so it may not outlive its stages. */
function headlineAged(frame) {
  if (frame.headline.mark === null || frame.stages.some((stage) => stage.mark !== null)) return frame;
  return { ...frame, headline: { ...frame.headline, mark: null, gap: null, shape: null }, biggest: null };
}

/* Nothing on the screen is fresh: every stage that shows a mark is late. */
const stale = (frame) => frame.stages.some((stage) => stage.mark !== null) && frame.stages.every((stage) => stage.mark === null || stage.state === "late");

function stripped(frame) {
  frame.stages = frame.stages.map((stage) => ({ ...stage, mark: null, gap: null, shape: null, state: "none" }));
  frame.headline = { ...frame.headline, mark: null, gap: null, shape: null };
  frame.biggest = frame.contact = frame.good = null;
  frame.voices = [];
  frame.ranges = {};
}

function layoutStyle(frame, now, distance) {
  const minute = Math.floor(now / 90000), dx = [0, 1, 2, 1, 0, -1, -2, -1][minute % 8], dy = [0, 1, 0, -1][Math.floor(minute / 2) % 4];
  return `--n:${frame.stages.length};--dx:${dx};--dy:${dy};--f:${Math.min(1.4, distance / 5).toFixed(3)}`;
}

function overlayPanel(frame, t, at) {
  if (at.dead) return h("div", { class: "overlay", role: "alert" }, h("b", null, brokenLink(), t.fill("wall.dead", { time: t.moment(at.heardAt, at.now) })), h("span", null, t.fill("wall.dead_why", { time: t.moment(at.heardAt, at.now) })));
  if (at.broken) return h("div", { class: "strip-note", role: "alert" }, clockIcon(""), h("b", null, t.fill("wall.broken", { time: t.moment(at.broken, at.now) })), h("span", null, t.t("wall.broken_why")));
  if (frame.stopped && !frame.as_of) return h("div", { class: "strip-note", role: "alert" }, clockIcon(""), h("b", null, t.fill("wall.stopped", { time: t.moment(frame.stopped, at.now) })), h("span", null, t.t("wall.stopped_why")));
  return h("div", { class: "overlay none" });
}

function brokenLink() {
  return h("svg", { viewBox: "0 0 40 40", fill: "none", stroke: "#0E1117", "stroke-width": 4 }, h("path", { d: "M17 11L22 6a8.5 8.5 0 0 1 12 12L29 23M23 29L18 34A8.5 8.5 0 0 1 6 22L11 17M4 4L36 36" }));
}

function enrolPanel(code, t) {
  const shown = code ? code.text.slice(0, 4) + " " + code.text.slice(4) : "…";
  return h("div", { class: "panel" }, h("div", { class: "lab" }, t.t("wall.enrol_title")), h("div", { class: "code" }, shown), h("p", null, t.t("wall.enrol_how")), h("p", { class: "soft" }, t.t("wall.enrol_soon")));
}

/* A screen without a frame yet: after ten seconds of trouble it is no longer "being prepared". */
function waitingPanel(t, link, data) {
  const now = link.now(), broken = !link.dead && link.troubled && now - link.troubled > ERROR_MS ? link.checked || link.troubled : 0;
  const said = broken ? [h("p", { class: "trouble", role: "alert" }, clockIcon(""), h("b", null, t.fill("wall.broken", { time: t.moment(broken, now) }))), h("p", { class: "soft" }, t.t("wall.broken_start"))]
    : h("p", null, t.t(link.dead ? "wall.no_server" : "wall.starting"));
  return h("div", { class: "panel" }, h("div", { class: "lab" }, data.name), said);
}

function hidePage() {
  const style = document.createElement("style");
  style.id = HOST_ID + "-page";
  style.textContent = `html,body{overflow:hidden!important;background:#0E1117!important}body>*:not(#${HOST_ID}){visibility:hidden!important}body>*:not(#${HOST_ID}) *{visibility:hidden!important;animation:none!important}#${HOST_ID}{position:fixed;inset:0;z-index:2147483647;background:#0E1117;cursor:none}`;
  document.head.appendChild(style);
}

function showPage() {
  const style = document.getElementById(HOST_ID + "-page");
  if (style) style.remove();
}

function loadFont(base) {
  const face = new FontFace("Wall Inter", `url(${base}live/inter.woff2)`, { weight: "100 900", display: "swap" });
  face.load().then((loaded) => document.fonts.add(loaded)).catch(() => {});
}

/* Streamlit calls this at each run of the script, and the returned function when the element goes: a rerun or a lost session must not blank the screen. */
export default function ({ data }) {
  const base = location.pathname.replace(/[^/]*\/?$/, "");
  const kept = window.klantblikWall || (window.klantblikWall = { wall: null, leaving: 0 });
  clearTimeout(kept.leaving);
  if (kept.wall) kept.wall.update(data);
  else kept.wall = makeWall({ ...data, base });
  return () => {
    const leave = () => { if (kept.wall) kept.wall.stop(); kept.wall = null; };
    if (location.pathname.startsWith(base + "wall")) kept.leaving = setTimeout(leave, 8000);
    else leave();
  };
}
