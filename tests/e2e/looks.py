"""What can be measured of a page as it is painted: letters, contrast, targets, seams."""

from typing import Any

from playwright.sync_api import Page

MEASURE = """
(selector) => {
  const seen = [];
  const root = document.querySelector(selector);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const parse = (text) => {
    const parts = text.match(/[\\d.]+/g).map(Number);
    return parts.length < 4 ? [...parts, 1] : parts;
  };
  const light = ([r, g, b]) => {
    const share = [r, g, b].map((c) => {
      const s = c / 255;
      return s <= 0.04045 ? s / 12.92 : Math.pow((s + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * share[0] + 0.7152 * share[1] + 0.0722 * share[2];
  };
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.textContent.trim()) continue;
    const element = node.parentElement;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || !element.getClientRects().length) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = Array.from(range.getClientRects()).filter((b) => b.width && b.height);
    if (!boxes.length) continue;
    const clip = (element.closest("[data-panel]") || root).getBoundingClientRect();
    let behind = null;
    for (let e = element; e && !behind; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour[3] > 0.99) behind = colour;
    }
    const a = light(parse(style.color));
    const b = light(behind || [255, 255, 255]);
    seen.push({
      text: node.textContent.trim(),
      px: parseFloat(style.fontSize),
      bold: Number(style.fontWeight) >= 700,
      contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
      boxes: boxes.map((x) => [x.left, x.top, x.right, x.bottom]),
      clip: [clip.left, clip.top, clip.right, clip.bottom],
      quiet: Boolean(element.closest(".hidden-text, [aria-hidden]")),
    });
  }
  return seen;
}
"""

RECORD_CANVAS = """
(() => {
  window.drawnText = [];
  const paint = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    const frame = this.canvas.getBoundingClientRect();
    const wide = this.measureText(text).width;
    window.drawnText.push({
      text: text, px: parseFloat(this.font.match(/([\\d.]+)px/)[1]),
      left: frame.left + x - wide / 2, right: frame.left + x + wide / 2, y: frame.top + y,
    });
    if (window.drawnText.length > 400) window.drawnText.splice(0, 200);
    return paint.call(this, text, x, y, ...rest);
  };
})();
"""


def texts(page: Page, selector: str) -> list[dict[str, Any]]:
    """Every text that is seen below ``selector``: its size in px, contrast and boxes."""
    found = page.evaluate(MEASURE, selector)
    return [entry for entry in found if not entry["quiet"]]


def small_targets(page: Page, selector: str, least: float) -> list[str]:
    """What may be pressed and is smaller than ``least`` px."""
    return page.evaluate(
        """([selector, least]) => Array.from(document.querySelectorAll(
             selector + " button, " + selector + " a, " + selector + " summary, "
             + selector + " input"))
           .filter((e) => e.getClientRects().length)
           .map((e) => [e, e.getBoundingClientRect()])
           .filter(([, box]) => box.width < least - 0.5 || box.height < least - 0.5)
           .map(([e, box]) => `${e.textContent.trim()} ${box.width}x${box.height}`)""",
        [selector, least],
    )
