"""Fingerprints: what tells two files that show the same picture from two pictures.

A difference hash of 64 bits: in a picture brought down to 9 × 8 greys, one bit for each
neighbour that is brighter. It outlives new sizes, compression and small corrections, not a cut.
"""

from itertools import pairwise

from PIL import Image

COLUMNS, ROWS = 8, 8
NEAR = 6  # bits of 64 that may differ
FLAT = 8  # a picture in which fewer bits are set shows too little to be told apart


def fingerprint(picture) -> str:
    """Return 16 hexadecimal digits of a decoded Pillow image; "" of one that shows too little."""
    small = picture.convert("L").resize((COLUMNS + 1, ROWS), Image.Resampling.BOX)
    greys = small.tobytes()
    bits = 0
    for row in range(ROWS):
        line = greys[row * (COLUMNS + 1) : (row + 1) * (COLUMNS + 1)]
        for left, right in pairwise(line):
            bits = bits << 1 | (right > left)
    is_flat = bits.bit_count() < FLAT or bits.bit_count() > COLUMNS * ROWS - FLAT
    return "" if is_flat else f"{bits:016x}"


def is_near(one: str, other: str) -> bool:
    """Say whether two fingerprints are of the same picture, as far as they can tell."""
    return bool(one and other) and (int(one, 16) ^ int(other, 16)).bit_count() <= NEAR
