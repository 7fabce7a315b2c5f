"""The colours of every chart and sheet, named by what they mean; the wall uses the same hues on dark (Okabe & Ito)."""

INK, GREY, LINE, FAINT, PALE = "#18212B", "#535E6B", "#D8DEE5", "#E7EBEF", "#F0F2F5"
FILL = {"below": "#E69F00", "above": "#009E73", "on": "#56B4E9", "unsure": "#FFFFFF", "": "#FFFFFF"}
EDGE = {"below": "#855200", "above": "#00664A", "on": "#1A5C85", "unsure": GREY, "": GREY}
PROMISE, PROMISE_BAND, LINK = "#1A5C85", "#56B4E9", "#0072B2"
