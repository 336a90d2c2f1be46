"""The colours of a title: what may be changed, and whether it can still be read."""

import re

HEX = re.compile(r"#[0-9a-fA-F]{6}")
# Field of the settings: (custom property of tokens.css, light, dark)
COLOURS = {
    "paper": ("--paper", "#fbfaf7", "#0e141b"),
    "signal": ("--signal", "#bf3413", "#ff8261"),
    "links": ("--sky", "#1b5e94", "#8cc4ee"),
}
# What stands on the paper and cannot be changed: ink and soft ink of tokens.css.
INKS = {"light": ["#131c26", "#56616d"], "dark": ["#e9edf1", "#9ba7b3"]}
LEAST = 4.5  # to 1, for text: WCAG 2.2, 1.4.3


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours such as "#bf3413", from 1 to 21, as WCAG counts it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def stylesheet(chosen: dict[str, tuple[str, str]]) -> str:
    """Return the style sheet of a title's colours: {"signal": (light, dark), …}; "" if none."""
    lines = [
        f"{COLOURS[name][0]}: light-dark({light}, {dark});"
        for name, (light, dark) in chosen.items()
        if (light, dark) != COLOURS[name][1:]
    ]
    return f":root {{ {' '.join(lines)} }}\n" if lines else ""
