/* Nodes: a description of what should be there, and the smallest change of the DOM that makes it so. Text becomes text nodes only. */
const SVG_NAMES = new Set(["svg", "g", "path", "line", "circle", "rect", "polyline", "defs", "clipPath", "text", "tspan", "linearGradient", "stop"]);

function h(tag, attributes, ...children) {
  return { tag, attributes: attributes || {}, children: children.flat(3).filter((child) => child !== null && child !== undefined && child !== false) };
}

function patch(parent, wanted) {
  wanted.forEach((want, i) => patchOne(parent, parent.childNodes[i], want));
  while (parent.childNodes.length > wanted.length) parent.removeChild(parent.lastChild);
}

function patchOne(parent, node, want) {
  if (typeof want !== "object") {
    const text = String(want);
    if (node && node.nodeType === 3) {
      if (node.data !== text) node.data = text;
    } else place(parent, node, document.createTextNode(text));
    return;
  }
  let element = node;
  if (!node || node.nodeType !== 1 || node.localName !== want.tag || node.wallKey !== want.attributes.key) {
    element = SVG_NAMES.has(want.tag) ? document.createElementNS("http://www.w3.org/2000/svg", want.tag) : document.createElement(want.tag);
    element.wallKey = want.attributes.key;
    place(parent, node, element);
  }
  patchAttributes(element, want.attributes);
  const before = want.attributes.fade && element.wallShown ? element.textContent : null;
  patch(element, want.children);
  if (want.attributes.enter && !element.wallShown && parent.wallShown) fadeIn(element, 600, 0);
  element.wallShown = true;
  if (before !== null && before !== element.textContent) fadeIn(element);
}

function place(parent, old, fresh) {
  if (old) parent.replaceChild(fresh, old);
  else parent.appendChild(fresh);
}

function patchAttributes(element, attributes) {
  const had = element.wallAttributes || {};
  for (const name of Object.keys(had)) if (!(name in attributes)) element.removeAttribute(name);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "key" || name === "fade" || name === "enter" || had[name] === value) continue;
    if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.wallAttributes = attributes;
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function fadeIn(element, duration = 400, from = 0.2) {
  if (!calm() && element.animate) element.animate([{ opacity: from }, { opacity: 1 }], { duration, easing: "ease-out" });
}

const COLOR = {
  ink: "#F4F6F9", soft: "#B4BCC8", background: "#0E1117", note: "#F0E442",
  below: "#E69F00", on: "#56B4E9", above: "#2BC096", unsure: "#B4BCC8", promise: "#56B4E9",
};
const SIGN = { below: "▼", on: "●", above: "▲", unsure: "○" };
const OUTLINE = {
  below: "M0 2H20L10 19Z", above: "M0 18H20L10 1Z", on: "M10 2a8 8 0 1 0 .01 0Z", unsure: "M10 3.2a6.8 6.8 0 1 0 .01 0Z",
};

function shape(kind) {
  const look = kind === "unsure" ? { fill: "none", stroke: COLOR.unsure, "stroke-width": 2.6 } : { fill: COLOR[kind] };
  return h("svg", { class: "shape", viewBox: "0 0 20 20", role: "img", "aria-label": SIGN[kind] }, h("path", { d: OUTLINE[kind], ...look }));
}

function clockIcon(label) {
  const said = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return h("svg", { class: "icon", viewBox: "0 0 20 20", ...said },
    h("circle", { cx: 10, cy: 10, r: 8.4, fill: "none", stroke: "currentColor", "stroke-width": 2.6 }),
    h("path", { d: "M10 5V10.4L13.6 12.6", fill: "none", stroke: "currentColor", "stroke-width": 2.4 }));
}
