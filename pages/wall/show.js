/* Show: which slide stands there now. The journey keeps its share of attention; a takeover comes first; nothing blinks. */
const PLAYLIST = [
  { slide: "journey", seconds: 40, share: 6 },
  { slide: "focus", seconds: 14, share: 1.5 },
  { slide: "promises", seconds: 14, share: 1, range: "28d" },
  { slide: "journey", seconds: 16, share: 1, range: "28d" },
  { slide: "voices", seconds: 14, share: 1 },
  { slide: "hours", seconds: 12, share: 0.5 },
];
const TAKEOVER_S = 30, CELEBRATION_S = 8, CELEBRATIONS_AN_HOUR = 2;

/* Whether an entry may show at this local day (1 Monday) and clock ("09:30"); hours may run past midnight. */
function onNow(entry, local) {
  if (entry.days && entry.days.length && !entry.days.includes(local.day)) return false;
  const from = entry.from || "00:00", to = entry.to || "24:00";
  return from <= to ? local.clock >= from && local.clock < to : local.clock >= from || local.clock < to;
}

/* Two entries of one slide over different ranges are two slides. */
const nameOf = (entry) => entry.slide + ":" + (entry.range || "now");

/* The next slide: of those that may show and have something to say, the one furthest behind on its share of attention. */
function nextSlide(entries, spent) {
  let best = null;
  for (const entry of entries) {
    const behind = (spent[nameOf(entry)] || 0) / (entry.share || 1);
    if (!best || behind < best.behind) best = { entry, behind };
  }
  return best && best.entry;
}

/* The frame over a longer range: its own headline, stages, biggest gap and promises; all else is of now. */
function ranged(frame, range) {
  const longer = range && frame.ranges && !frame.closed ? frame.ranges[range] : null;
  return longer ? { ...frame, ...longer, ranges: frame.ranges, range } : frame;
}

function makeShow() {
  let spent = {}, current = PLAYLIST[0], until = 0, takeover = 0, turn = 0, listed = "";
  const known = new Set(), celebrated = [];
  let seen = false;
  return {
    get turn() { return turn; },
    slide(frame, playlist, local, now) {
      for (const alert of frame.alerts) if (!known.has(alert.id)) {
        if (seen || now - alert.began_at < 600000) takeover = now + TAKEOVER_S * 1000;
        known.add(alert.id);
      }
      seen = true;
      if (now < takeover && frame.alerts.length) return { slide: "alert" };
      const wanted = playlist && playlist.length ? playlist : PLAYLIST, list = JSON.stringify(wanted);
      if (listed !== list) { listed = list; spent = {}; until = 0; } // who changed it wants to see it, not the end of what hung before
      const open = wanted.filter((entry) => onNow(entry, local) && slideHas(entry.slide, ranged(frame, entry.range)));
      if (!open.length) return { slide: "journey" };
      if (now >= until || !open.some((entry) => nameOf(entry) === nameOf(current))) {
        current = nextSlide(open, spent);
        until = now + current.seconds * 1000;
        spent[nameOf(current)] = (spent[nameOf(current)] || 0) + current.seconds;
        if (current.slide === "focus") turn += 1;
        if (Object.values(spent).reduce((a, b) => a + b, 0) > 7200) spent = {};
      }
      return current;
    },
    celebrates(frame, now) {
      if (!frame.good || !frame.good.fresh || frame.closed) return false;
      const mark = celebrated.find((one) => one.stage === frame.good.stage);
      if (mark) return now - mark.at < CELEBRATION_S * 1000;
      const lately = celebrated.filter((one) => now - one.at < 3600000);
      if (lately.length >= CELEBRATIONS_AN_HOUR) return false;
      celebrated.splice(0, celebrated.length, ...lately, { stage: frame.good.stage, at: now });
      return true;
    },
  };
}
