// Builds a sheet from data: known elements and text nodes only, never from a string of HTML.
const DRAWN = new Set(["svg", "g", "path", "line", "rect", "circle", "text", "tspan", "title", "defs", "pattern", "polygon"]);
const WRITTEN = new Set([
  "div", "span", "p", "a", "b", "strong", "em", "small", "sup", "mark", "q", "time", "abbr", "br",
  "h1", "h2", "h3", "ul", "ol", "li", "dl", "dt", "dd", "button",
  "table", "caption", "thead", "tbody", "tr", "th", "td", "colgroup", "col",
]);
const LOCAL = /^(\/|\?|#|https?:)/;

function build(node, drawing) {
  if (typeof node === "string") return document.createTextNode(node);
  const [tag, attributes, ...children] = node;
  const svg = drawing || tag === "svg";
  if (!(svg ? DRAWN : WRITTEN).has(tag)) throw new Error(`sheet: unknown element ${tag}`);
  const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on") || (name === "href" && !LOCAL.test(value))) continue;
    made.setAttribute(name, value);
  }
  made.append(...children.map((child) => build(child, svg)));
  return made;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".sheet");
  root.replaceChildren(...data.nodes.map((node) => build(node, false)));
  root.onclick = (event) => {
    const target = event.target.closest("[data-go]");
    if (!target || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("go", target.dataset.go);
  };
}
