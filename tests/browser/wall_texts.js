// Every line of text on the wall: its ink over its ground (opacity of all that holds it), its size and its box, in pixels.
() => {
  const root = document.querySelector("#klantblik-wall").shadowRoot.querySelector(".wall"), found = [];
  const over = (ink, ground, part) => ink.map((x, i) => x * part + ground[i] * (1 - part));
  const rgba = (text) => {
    const parts = (text.match(/[\d.]+/g) || []).map(Number);
    return { colour: parts.slice(0, 3), part: parts.length > 3 ? parts[3] : 1 };
  };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let number = 0;
  while (walker.nextNode()) {
    number += 1;
    const node = walker.currentNode, element = node.parentElement, style = getComputedStyle(element);
    if (!node.data.trim() || style.visibility === "hidden") continue;
    let opacity = 1, ground = [14, 17, 23], grounded = false;
    for (let e = element; e && e !== root.parentElement; e = e.parentElement) {
      opacity *= Number(getComputedStyle(e).opacity);
      const back = rgba(getComputedStyle(e).backgroundColor);
      if (!grounded && back.part > 0.99) { ground = back.colour; grounded = true; }
    }
    const svg = element.namespaceURI.endsWith("svg"), ink = rgba(svg ? style.fill : style.color);
    const size = parseFloat(style.fontSize) * (svg ? element.getScreenCTM().a : 1);
    const range = document.createRange();
    range.selectNodeContents(node);
    const slide = element.closest(".slide")?.getBoundingClientRect();
    const clip = element.closest("q, .text, .tag, cite, .src")?.getBoundingClientRect();
    for (const whole of range.getClientRects()) {
      const box = { left: whole.left, top: whole.top, right: clip ? Math.min(whole.right, clip.right) : whole.right, bottom: whole.bottom };
      if (box.right - box.left < 1 || !size) continue;
      found.push({
        number, text: node.data.trim().slice(0, 60), size, ink: over(ink.colour, ground, ink.part * opacity), ground, opacity,
        box: [box.left, box.top, box.right, box.bottom], slide: slide ? [slide.top, slide.bottom] : null, where: element.closest("[class]")?.getAttribute("class") || "",
      });
    }
  }
  return found;
}
