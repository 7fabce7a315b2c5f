/* Link: the stream of frames, its heartbeat, and what to do when it falls silent. */
const RETRY_MS = 1500, SILENT_MS = 5000, DEAD_MS = 9000, RELOAD_MS = 300000, ASK_MS = 3000;

function makeLink(base, on) {
  let source = null, heard = Date.now(), opened = 0, build = null, offset = 0, checked = 0, trouble = "", troubled = 0, stopped = false, lastReload = 0, asking = 0, refused = false;
  const now = () => Date.now() + offset;
  const listen = (name, act) => source.addEventListener(name, (message) => {
    const data = JSON.parse(message.data);
    heard = Date.now();
    if (data.now) offset = Math.abs(data.now - Date.now()) > 1500 || Math.abs(offset) > 1500 ? data.now - Date.now() : 0;
    act(data, message.lastEventId);
  });
  const take = (data) => { checked = data.checked || checked; trouble = data.trouble || ""; troubled = trouble ? troubled || now() : 0; on.beat(); };

  function open() {
    if (stopped) return;
    close();
    opened = Date.now();
    source = new EventSource(base + "live");
    listen("hello", (data) => {
      if (build && build !== data.build) return location.reload();
      build = data.build;
      refused = false;
      on.screen(data.screen || {});
      take(data);
    });
    listen("frame", (data, id) => on.frame(data, id));
    listen("beat", take);
    listen("screen", (data) => on.screen(data));
    listen("bye", () => { refused = true; close(); on.refused(); ask(); });
    source.onerror = () => { if (source && source.readyState === 2) { close(); setTimeout(ask, RETRY_MS * (0.5 + Math.random())); } };
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  /* A closed stream means either no server or no right to see: ask which. */
  async function ask() {
    if (stopped || source || Date.now() - asking < 500) return;
    asking = Date.now();
    try {
      const answer = await fetch(base + "live/me", { cache: "no-store", signal: AbortSignal.timeout(4000) });
      const data = await answer.json();
      if (data.allowed) return open();
      refused = true;
      heard = Date.now();
      on.refused();
    } catch { /* no server: the watchdog says so and asks again */ }
  }

  async function reloadWhenServed() {
    if (Date.now() - lastReload < 30000) return;
    lastReload = Date.now();
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(4000) });
      if (answer.ok) location.reload();
    } catch { /* the page stays, and says that it has no connection */ }
  }

  const watchdog = setInterval(() => {
    const silent = Date.now() - heard;
    if (refused) { if (Date.now() - asking > ASK_MS) ask(); return; }
    if (silent > RELOAD_MS) reloadWhenServed();
    if (!source) { if (Date.now() - asking > RETRY_MS) ask(); } else if (silent > SILENT_MS && Date.now() - opened > SILENT_MS) open();
  }, 1000);

  return {
    open, now,
    get silent() { return Date.now() - heard; },
    get dead() { return !refused && Date.now() - heard > DEAD_MS; },
    get heardAt() { return heard + offset; },
    get checked() { return checked; },
    get trouble() { return trouble; },
    get troubled() { return troubled; }, // since when this page has heard of trouble, or 0
    get refused() { return refused; },
    reloadWhenServed,
    stop() { stopped = true; clearInterval(watchdog); close(); },
  };
}
