"""Pictures for the demonstration: skies with soft cloud, a silhouette, and portraits.

Everything is drawn; the same words always give the same picture.
"""

import math
import random
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIZE = (1600, 900)  # pixels
INK = (17, 26, 34)

# hour: (top, middle, bottom of the sky; cloud; height of the cloud deck as a share; sun)
SKIES = {
    "dawn": ((52, 78, 122), (196, 150, 150), (247, 205, 160), (255, 226, 196), 0.62, True),
    "morning": ((96, 146, 196), (164, 198, 222), (224, 234, 238), (250, 250, 248), 0.66, False),
    "noon": ((58, 118, 186), (120, 170, 214), (196, 220, 234), (248, 250, 252), 0.74, False),
    "afternoon": ((82, 134, 178), (168, 192, 204), (232, 222, 198), (250, 243, 228), 0.68, False),
    "golden": ((38, 74, 122), (122, 128, 140), (252, 206, 150), (255, 214, 164), 0.60, True),
    "dusk": ((150, 78, 62), (206, 132, 98), (250, 214, 164), (253, 224, 180), 0.64, True),
    "night": ((20, 32, 58), (48, 60, 86), (92, 100, 122), (122, 142, 160), 0.68, False),
    "storm": ((44, 52, 62), (84, 92, 100), (134, 136, 134), (108, 114, 120), 0.40, False),
    "overcast": ((134, 144, 152), (174, 180, 182), (212, 212, 206), (230, 230, 226), 0.52, False),
    "snow": ((150, 166, 180), (196, 206, 212), (236, 238, 238), (250, 250, 250), 0.60, False),
}

# Half outlines seen from above, nose to tail: x to the right of the axis, y from -1 to 1.
HALVES = {
    "fighter": "0,-1 .05,-.8 .09,-.36 .17,-.2 .62,.26 .62,.38 .2,.38 .13,.6 .34,.84 .34,.95 .08,.86 0,.9",
    "delta": "0,-1 .05,-.74 .09,-.45 .27,-.32 .27,-.26 .11,-.24 .64,.6 .64,.7 .13,.68 .09,.86 0,.82",
    "trainer": "0,-.9 .07,-.78 .1,-.24 .84,-.02 .86,.12 .1,.16 .06,.66 .34,.76 .34,.87 .05,.85 0,.9",
    "airliner": (
        "0,-1 .06,-.93 .09,-.8 .09,-.28 .34,-.12 .34,-.24 .43,-.24 .43,-.06 .94,.3 .94,.38 .09,.1 "
        ".07,.7 .36,.9 .36,.98 .05,.9 0,1"
    ),
    "tanker": (
        "0,-1 .07,-.93 .1,-.8 .1,-.3 .3,-.16 .3,-.28 .38,-.28 .38,-.11 .6,.02 .6,-.1 .68,-.1 .68,.07 "
        ".98,.26 .98,.34 .1,.12 .08,.68 .4,.86 .4,.95 .06,.88 .02,.9 .02,1.25 0,1.25"
    ),
    "glider": "0,-.5 .05,-.42 .06,-.16 1.6,-.06 1.62,0 .06,.04 .025,.6 .27,.66 .27,.73 0,.76",
    "biplane": (
        "0,-.66 .3,-.68 .3,-.64 .06,-.62 .11,-.4 .96,-.36 1,-.24 .96,-.1 .12,-.08 .07,.5 .34,.54 "
        ".38,.64 .3,.74 0,.72"
    ),
    "propeller": (
        "0,-.8 .26,-.82 .26,-.79 .05,-.77 .09,-.6 .1,-.3 .92,-.24 .95,-.02 .1,0 .06,.58 .33,.64 "
        ".33,.76 .04,.74 0,.78"
    ),
    "drone": "0,-.7 .06,-.6 .07,-.12 1.24,0 1.25,.07 .07,.12 .05,.56 .32,.84 .28,.9 .05,.7 0,.72",
    "rocket": "0,-1 .05,-.9 .08,-.72 .08,.3 .12,.36 .12,.78 .19,.92 .19,.98 .1,.95 0,.98",
    "helicopter": "0,-.52 .1,-.44 .14,-.2 .12,.06 .05,.18 .035,.84 .16,.86 .16,.92 .03,.93 0,1",
}
SATELLITE = [
    "-.14,-.2 .14,-.2 .14,.2 -.14,.2",
    ".18,-.03 .3,-.03 .3,-.15 1.1,-.15 1.1,.15 .3,.15 .3,.03 .18,.03",
    "-.18,-.03 -.3,-.03 -.3,-.15 -1.1,-.15 -1.1,.15 -.3,.15 -.3,.03 -.18,.03",
    "-.02,-.2 .02,-.2 .02,-.36 .12,-.44 -.12,-.44 -.02,-.36",
]
FORMATIONS = {
    1: [(0.52, 0.46)],
    2: [(0.40, 0.50), (0.60, 0.42)],
    3: [(0.50, 0.36), (0.33, 0.52), (0.68, 0.52)],
    4: [(0.50, 0.28), (0.35, 0.43), (0.65, 0.43), (0.50, 0.60)],
}


def draw_scene(hour: str, silhouette: str, count: int, seed: str) -> bytes:
    """Return a JPEG of a sky with one to four silhouettes.

    Raises KeyError for an hour or a silhouette that is not known.
    """
    dice = random.Random(f"{hour} {silhouette} {count} {seed}")
    top, middle, bottom, cloud, deck, sun = SKIES[hour]
    sky = _gradient([top, middle, bottom])
    if hour == "night" or silhouette == "satellite":
        _stars(sky, dice)
    if sun:
        _sun(sky, dice, deck)
    _clouds(sky, dice, cloud, deck)
    ink = tuple(round(a * 0.86 + b * 0.14) for a, b in zip(INK, top, strict=True))
    mask = _silhouettes(silhouette, count, dice)
    sky.paste(Image.new("RGB", SIZE, ink), mask=mask)
    if hour == "snow":
        _snow(sky, dice)
    return _jpeg(sky)


def draw_portrait(seed: str, hair: str, hour: str) -> bytes:
    """Return a square JPEG of 480 pixels: a bust against the light of an hour's sky.

    hair: short, long, bun or headset.
    """
    dice = random.Random(seed)
    picture = _gradient(list(SKIES[hour][:3]))
    _clouds(picture, dice, SKIES[hour][3], SKIES[hour][4] - 0.1)
    picture = picture.crop((350, 0, 1250, 900)).resize((960, 960), Image.Resampling.BICUBIC)
    ink = tuple(round(a * 0.84 + b * 0.16) for a, b in zip(INK, SKIES[hour][0], strict=True))
    draw = ImageDraw.Draw(picture)
    if hair == "long":
        draw.rounded_rectangle((318, 220, 642, 690), 160, fill=ink)
    if hair == "bun":
        draw.ellipse((408, 130, 552, 270), fill=ink)
    if hair == "headset":
        draw.arc((306, 176, 654, 560), 180, 360, fill=ink, width=26)
        draw.rounded_rectangle((288, 350, 352, 470), 24, fill=ink)
        draw.rounded_rectangle((608, 350, 672, 470), 24, fill=ink)
        draw.arc((330, 380, 520, 590), 90, 180, fill=ink, width=12)
    draw.ellipse((338, 206, 622, 590), fill=ink)
    draw.polygon([(412, 520), (548, 520), (580, 760), (380, 760)], fill=ink)
    width = dice.randint(330, 390)
    draw.ellipse((480 - width, 670, 480 + width, 1400), fill=ink)
    return _jpeg(picture.resize((480, 480), Image.Resampling.LANCZOS))


def _jpeg(picture) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=82, optimize=True, progressive=True)
    return buffer.getvalue()


def _gradient(colours):
    column = Image.new("RGB", (1, len(colours)))
    column.putdata(colours)
    return column.resize(SIZE, Image.Resampling.BICUBIC)


def _clouds(sky, dice, colour, deck) -> None:
    """Lay three depths of soft cloud, drawn small and blurred, then enlarged."""
    width, height = 400, 225
    for depth in range(3):
        mask = Image.new("L", (width, height))
        draw = ImageDraw.Draw(mask)
        base = height * (deck + 0.13 * depth)
        for _puff in range(26):
            x, y = dice.uniform(-40, width + 40), base + abs(dice.gauss(0, 16))
            w, h = dice.uniform(40, 130), dice.uniform(7, 20) * (1 + depth / 2)
            draw.ellipse((x - w, y - h, x + w, y + h * 3), fill=dice.randint(60, 150))
        draw.rectangle((0, min(base + 42, height), width, height), fill=120 + 40 * depth)
        mask = mask.filter(ImageFilter.GaussianBlur(7 + 4 * (2 - depth)))
        shade = tuple(round(c * (0.94 + 0.03 * depth)) for c in colour)
        sky.paste(Image.new("RGB", SIZE, shade), mask=mask.resize(SIZE, Image.Resampling.BICUBIC))


def _sun(sky, dice, deck) -> None:
    glow = Image.new("L", (400, 225))
    x, y = dice.uniform(60, 340), 225 * (deck + 0.04)
    ImageDraw.Draw(glow).ellipse((x - 70, y - 46, x + 70, y + 46), fill=150)
    glow = glow.filter(ImageFilter.GaussianBlur(28)).resize(SIZE, Image.Resampling.BICUBIC)
    sky.paste(Image.new("RGB", SIZE, (255, 238, 206)), mask=glow)


def _stars(sky, dice) -> None:
    draw = ImageDraw.Draw(sky)
    for _star in range(150):
        x, y = dice.uniform(0, SIZE[0]), dice.uniform(0, SIZE[1] * 0.6)
        size, light = dice.uniform(0.6, 1.8), dice.randint(120, 220)
        draw.ellipse((x - size, y - size, x + size, y + size), fill=(light, light, light + 20))


def _snow(sky, dice) -> None:
    flakes = Image.new("L", SIZE)
    draw = ImageDraw.Draw(flakes)
    for _flake in range(420):
        x, y, size = dice.uniform(0, SIZE[0]), dice.uniform(0, SIZE[1]), dice.uniform(1, 5)
        draw.ellipse((x - size, y - size, x + size, y + size), fill=dice.randint(90, 220))
    sky.paste(
        Image.new("RGB", SIZE, (255, 255, 255)), mask=flakes.filter(ImageFilter.GaussianBlur(1.2))
    )


def _points(outline: str) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in outline.split())
    return [(float(x), float(y)) for x, y in pairs]


def _outlines(silhouette: str) -> list[list[tuple[float, float]]]:
    """Return the polygons of a silhouette, around the origin, nose up."""
    if silhouette == "satellite":
        return [_points(outline) for outline in SATELLITE]
    half = _points(HALVES[silhouette])
    polygons = [half + [(-x, y) for x, y in reversed(half)]]
    if silhouette == "helicopter":
        for blade in range(4):
            angle = math.radians(23 + 90 * blade)
            across, along = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
            corners = [(-0.02, 0), (0.02, 0), (0.03, 0.92), (-0.03, 0.92)]
            polygons.append(
                [
                    (a * across[0] + b * along[0], a * across[1] + b * along[1] - 0.15)
                    for a, b in corners
                ]
            )
    return polygons


def _silhouettes(silhouette: str, count: int, dice):
    """Return the mask of the formation, drawn twice as large for smooth edges."""
    mask = Image.new("L", (SIZE[0] * 2, SIZE[1] * 2))
    upright = silhouette == "rocket"
    heading = math.radians(0 if upright else dice.uniform(38, 62) * dice.choice([-1, 1, 1]))
    bank = 1 if upright else dice.uniform(0.66, 0.82)  # how far the wings tilt away from us
    size = SIZE[1] * 2 * (0.27, 0.2, 0.165, 0.15)[count - 1] * (1.25 if upright else 1)
    for share_x, share_y in FORMATIONS[count]:
        layer = Image.new("L", mask.size)
        draw = ImageDraw.Draw(layer)
        centre = (mask.width * share_x, mask.height * share_y)
        for outline in _outlines(silhouette):
            draw.polygon(
                [_place(point, size, bank, heading, centre) for point in outline], fill=255
            )
        mask = ImageChops.lighter(mask, layer)
    return mask.resize(SIZE, Image.Resampling.LANCZOS)


def _place(point, size, bank, heading, centre):
    x, y = point[0] * size * bank, point[1] * size
    turned = (
        x * math.cos(heading) - y * math.sin(heading),
        x * math.sin(heading) + y * math.cos(heading),
    )
    return centre[0] + turned[0], centre[1] + turned[1] * 0.86
