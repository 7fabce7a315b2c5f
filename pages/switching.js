// Covers the page while both processes start again on the other store, and opens the first page once they answer.
const ASK_MS = 700, AT_MOST_MS = 60000;

function cover(words) {
  const quiet = document.createElement("style");
  quiet.textContent = "[data-testid=stDialog]{display:none!important}";
  document.head.append(quiet);
  const over = document.createElement("div"), said = document.createElement("p");
  over.id = "klantblik-switch";
  over.setAttribute("role", "status");
  over.style.cssText = "position:fixed;inset:0;z-index:2147483647;display:grid;place-items:center;background:#fff;color:#1c2733;padding:32px";
  said.style.cssText = "font:500 22px/1.5 Inter,system-ui,sans-serif;max-width:34em;margin:0";
  said.textContent = words;
  over.append(said);
  document.body.append(over);
  return over;
}

export default function ({ data }) {
  if (document.getElementById("klantblik-switch")) return;
  const over = cover(data.words);
  const began = Date.now(), here = location.pathname;
  const base = data.home ? here.replace(/\/?$/, "/") : here.replace(/[^/]*\/?$/, "");
  let gone = false;
  const asking = setInterval(async () => {
    over.inert = false; // Streamlit's dialog silences all beside it, and a screen reader must hear this
    over.removeAttribute("aria-hidden");
    try {
      const answer = await fetch(base + "_stcore/health", { cache: "no-store", signal: AbortSignal.timeout(2000) });
      if (answer.ok && (gone || Date.now() - began > AT_MOST_MS)) {
        clearInterval(asking);
        location.replace(base + location.search);
      }
    } catch { gone = true; }
  }, ASK_MS);
}
