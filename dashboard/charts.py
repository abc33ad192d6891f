"""Charts as SVG, drawn on the server: one picture for page, print and PDF.

Colours are attributes, not styles (strict CSP), and differ in lightness so that they survive grey print. Every chart
has a title and a description for who hears the page, and stands beside its table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

INK, MUTED, BAR, BAR_STRONG, MARK, PALE = "#1d2b33", "#55646d", "#7f969b", "#3d555c", "#983a1e", "#dde3e4"
FONT = "Atkinson Hyperlegible Next, Arial, sans-serif"
WIDTH = 640


@dataclass(frozen=True)
class Bar:
    """One bar: its place on the axis, its number, what to write on it, and the mark to compare it with."""

    label: str
    value: float
    text: str
    mark: float | None = None
    is_hidden: bool = False


def columns(bars: Sequence[Bar], *, ident: str, title: str, description: str, mark_label: str = "") -> SafeString:
    """Standing bars, one a month, with a dashed step line for what they are compared with. At most 36 bars."""
    top, bottom, left = 34, 216, 6
    highest = max([1.0, *(bar.value for bar in bars), *(bar.mark or 0 for bar in bars)])
    step = (WIDTH - 2 * left) / max(len(bars), 1)
    every = -(-len(bars) // 12)

    def height_of(number: float) -> float:
        return (bottom - top) * number / highest

    parts = [_element("line", x1=0, y1=bottom, x2=WIDTH, y2=bottom, stroke=MUTED)]
    for number, bar in enumerate(bars):
        wide, tall = min(step * 0.66, 44.0), height_of(bar.value)
        middle = left + step * (number + 0.5)
        fill = BAR_STRONG if bar.mark is not None and bar.value > bar.mark else BAR
        parts.append(_element("rect", x=middle - wide / 2, y=bottom - tall, width=wide, height=tall, rx=3, fill=fill))
        if bar.value and len(bars) <= 24:
            parts.append(_text(middle, bottom - tall - 7, bar.text, anchor="middle", weight="700"))
        if number % every == 0:
            # On a phone every other month has room for its name (app.css).
            spare = "chart-spare" if number // every % 2 else "chart-label"
            parts.append(_text(middle, bottom + 22, bar.label, anchor="middle", colour=MUTED, kind=spare))
    parts += _step_line(bars, left, step, lambda mark: bottom - height_of(mark))
    if mark_label:
        parts.append(_text(left, 16, mark_label, colour=MARK, weight="700"))
    return _svg(bottom + 34, title, description, ident, parts)


def _step_line(bars: Sequence[Bar], left: float, step: float, y_of: Callable[[float], float]) -> list[SafeString]:
    """One dashed piece for each run of months with the same mark."""
    pieces, begin = [], 0
    for number in range(1, len(bars) + 1):
        mark = bars[begin].mark
        if number < len(bars) and bars[number].mark == mark:
            continue
        if mark is not None:
            y, first, last = y_of(mark), left + step * begin, left + step * number
            look = {"stroke": MARK, "stroke_width": "2.5", "stroke_dasharray": "7 5"}
            pieces.append(_element("line", x1=first, y1=y, x2=last, y2=y, **look))
        begin = number
    return pieces


# A label longer than this stands above its bar instead of beside it.
LABEL_BESIDE = 20


def rows(bars: Sequence[Bar], *, ident: str, title: str, description: str) -> SafeString:
    """Lying bars, one a category, the number written behind it. A hidden one is a pale stump with its words."""
    is_above = any(len(bar.label) > LABEL_BESIDE for bar in bars)
    labels, high, lower, first = (0, 68, 28, 4) if is_above else (240, 40, 0, 4)
    highest = max([1.0, *(bar.value for bar in bars if not bar.is_hidden)])
    parts = []
    for number, bar in enumerate(bars):
        y = first + number * high
        wide = 26.0 if bar.is_hidden else max((WIDTH - labels - 130) * bar.value / highest, 2.0)
        fill, ink = (PALE, MUTED) if bar.is_hidden else (BAR, INK)
        parts += [
            _text(0, y + 22, bar.label),
            _element("rect", x=labels, y=y + lower + 3, width=wide, height=26, rx=3, fill=fill),
            _text(labels + wide + 10, y + lower + 22, bar.text, colour=ink),
        ]
    return _svg(first + high * len(bars) + 4, title, description, ident, parts)


def _svg(height: int, title: str, description: str, ident: str, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc"'
        ' font-family="{}" font-size="15">{}{}{}</svg>',
        *(WIDTH, height, ident, ident, FONT),
        _element("title", title, id=f"{ident}-title"),
        _element("desc", description, id=f"{ident}-desc"),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _text(x: float, y: float, text: str, *, anchor="start", colour: str = INK, weight="400", kind="") -> SafeString:
    look = {"text_anchor": anchor, "fill": colour, "font_weight": weight} | ({"class": kind} if kind else {})
    return _element("text", text, x=float(x), y=float(y), **look)


def _element(name: str, text: str = "", **attributes) -> SafeString:
    """One element of SVG: fractions with one decimal and a point, texts escaped, ``x_y`` written as ``x-y``."""
    written = format_html_join(
        "",
        ' {}="{}"',
        (
            (key.replace("_", "-"), f"{value:.1f}" if isinstance(value, float) else str(value))
            for key, value in attributes.items()
        ),
    )
    return format_html("<{}{}>{}</{}>", name, written, text, name)
