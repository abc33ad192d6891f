"""Are a region's colours readable? WCAG 2.2, 1.4.3: 4.5 to 1 for words."""

import colorsys

NEEDED = 4.5
WHITE, PAPER = "#FFFFFF", "#FBFAF7"
# What stands on a colour, or what it stands on: links are words on paper, buttons hold white words.
GROUNDS = {"primary": (WHITE, PAPER), "accent": (WHITE,)}


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours ``#RRGGBB``, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def is_readable(colour: str, use: str) -> bool:
    return all(contrast(colour, ground) >= NEEDED for ground in GROUNDS[use])


def nearest_readable(colour: str, use: str) -> str:
    """The same hue, no darker than needed."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    steps = 256
    for step in range(steps + 1):
        darker = _text(colorsys.hls_to_rgb(hue, lightness * (1 - step / steps), saturation))
        if is_readable(darker, use):
            return darker
    return "#000000"


def _parts(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def _text(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02X}" for part in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
