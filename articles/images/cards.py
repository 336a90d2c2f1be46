"""The picture that shared links show of an article without one: its title, and who prints it."""

from io import BytesIO

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)  # pixels; what Open Graph and X show whole
MARGIN, RULE = 80, 6  # pixels
SIZES = range(92, 40, -4)  # pixels of a letter, the largest that fits
LINES = 5
FOLDER = settings.BASE_DIR / "static/fonts"


def draw(title: str, name: str, *, paper="#fbfaf7", ink="#131c26", signal="#bf3413") -> bytes:
    """Return a PNG of SIZE. paper, ink, signal: colours as #rrggbb. A title too long is cut."""
    card = Image.new("RGB", SIZE, paper)
    pen = ImageDraw.Draw(card)
    width, height = SIZE[0] - 2 * MARGIN, SIZE[1] - 3 * MARGIN
    for size in SIZES:
        font = ImageFont.truetype(FOLDER / "newsreader.woff2", size)
        lines = _wrapped(title, font, width)
        step = round(size * 1.15)
        if len(lines) <= LINES and len(lines) * step <= height:
            break
    else:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1]}…"]
    for number, line in enumerate(lines):
        pen.text((MARGIN, MARGIN + number * step), line, fill=ink, font=font)
    foot = SIZE[1] - MARGIN
    pen.rectangle((MARGIN, foot - 60, MARGIN + 120, foot - 60 + RULE), fill=signal)
    label = ImageFont.truetype(FOLDER / "b612-bold.woff2", 32)
    pen.text((MARGIN, foot), name, fill=ink, font=label, anchor="ls")
    out = BytesIO()
    card.save(out, "PNG", optimize=True)
    return out.getvalue()


def _wrapped(text, font, width) -> list[str]:
    """Return the lines of a text; words stay whole, and so does what no-break spaces hold."""
    lines = [""]
    for word in text.split(" "):
        line = f"{lines[-1]} {word}".strip()
        if font.getlength(line) <= width or not lines[-1]:
            lines[-1] = line
        else:
            lines.append(word)
    return lines
