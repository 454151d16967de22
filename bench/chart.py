"""Draws the ratios as an SVG: one bar a workload, from 1 to the ratio, on a logarithmic axis."""

import math
from html import escape

from report import geomean, groups

LEFT, WIDTH, RIGHT = 150, 620, 190
ROW, TOP = 22, 74
BACK, TEXT, DIM, FASTER, SLOWER = "#16181d", "#d6d8de", "#4a4e58", "#8fd18f", "#e08a7a"


def draw(results, title):
  """The chart's text."""
  ratios = [ratio for result in results for ratio in result.ratios()] or [1]
  low = min(-1, math.floor(math.log2(min(ratios))))
  high = max(1, math.ceil(math.log2(max(ratios))))

  def x_of(ratio):
    return LEFT + WIDTH * (math.log2(ratio) - low) / (high - low)

  rows, y = [], TOP
  for group, members in groups(results):
    rows += heading(group, geomean(members), y)
    y += ROW
    for result in members:
      rows += bar(result, x_of, y)
      y += ROW
    y += ROW // 2
  grid = [line for power in range(low, high + 1) for line in grid_line(power, x_of(2.0**power), y)]
  return frame(title, y + 16, grid + rows)


def frame(title, height, content):
  width = LEFT + WIDTH + RIGHT
  head = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    ' font-family="monospace" font-size="13">'
  )
  return "\n".join(
    [
      head,
      f"<title>{escape(title)}</title>",
      f'<rect width="{width}" height="{height}" rx="8" fill="{BACK}"/>',
      text(14, 26, title, TEXT),
      *content,
      "</svg>\n",
    ]
  )


def grid_line(power, x, bottom):
  label = f"{2**power}" if power >= 0 else f"1/{2**-power}"
  colour = TEXT if power == 0 else DIM
  yield f'<line x1="{x:.1f}" y1="{TOP - 18}" x2="{x:.1f}" y2="{bottom - 8}" stroke="{colour}"/>'
  yield text(x, TOP - 24, label, TEXT, "middle")


def heading(group, mean, y):
  yield text(14, y + 15, group, TEXT)
  if mean is not None:
    yield text(LEFT + WIDTH + 12, y + 15, f"geomean {mean:.2f}", colour_of(mean))


def bar(result, x_of, y):
  """A bar with a line from the least to the greatest ratio."""
  yield text(LEFT - 10, y + 15, result.workload.name, TEXT, "end")
  ratio = result.ratio()
  if ratio is None:
    yield text(LEFT + WIDTH + 12, y + 15, "failed" if result.errors else "not measured", SLOWER)
    return
  left, right = sorted((x_of(1), x_of(ratio)))
  least, most = x_of(min(result.ratios())), x_of(max(result.ratios()))
  yield (
    f'<rect x="{left:.1f}" y="{y + 4}" width="{max(1, right - left):.1f}" height="{ROW - 8}"'
    f' fill="{colour_of(ratio)}"/>'
  )
  middle = y + ROW // 2
  yield f'<line x1="{least:.1f}" y1="{middle}" x2="{most:.1f}" y2="{middle}" stroke="{TEXT}" stroke-width="2"/>'
  yield text(LEFT + WIDTH + 12, y + 15, f"{ratio:.2f}", colour_of(ratio))


def colour_of(ratio):
  return FASTER if ratio >= 1 else SLOWER


def text(x, y, content, colour, anchor="start"):
  return f'<text x="{x:.1f}" y="{y}" fill="{colour}" text-anchor="{anchor}">{escape(content)}</text>'
