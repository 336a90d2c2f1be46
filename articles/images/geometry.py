"""Where a picture is cut, and to which sizes: numbers only, in pixels."""

from math import ceil


def crop_box(size, focal_point, ratio):
    """Return the largest box of this ratio, as close to the focal point as the image allows.

    size: (width, height) of the image, in pixels.
    focal_point: (x, y) as shares of width and height, 0 to 1; (0.5, 0.5) is the centre.
    ratio: width divided by height of the box, such as 16 / 9.

    The box is (left, top, right, bottom), whole pixels inside the image.
    Raises ValueError when a side or the ratio is not above zero.
    """
    width, height = size
    if width <= 0 or height <= 0 or ratio <= 0:
        raise ValueError("The sides and the ratio must be above zero.")
    box_width = max(1, min(width, round(height * ratio)))
    box_height = max(1, min(height, round(width / ratio)))
    left = _start(width, box_width, focal_point[0])
    top = _start(height, box_height, focal_point[1])
    return left, top, left + box_width, top + box_height


def _start(whole, part, focus):
    """Return where a part of a side begins, so that its middle is nearest to the focus."""
    return min(max(round(whole * focus - part / 2), 0), whole - part)


def rendition_sizes(size, widths):
    """Return the (width, height) of each rendition of a box, the narrowest first.

    size: (width, height) of the box, in pixels. Nothing is enlarged: a box that is narrower
    than the widest of `widths` gets a last rendition of its own width, unless the one before
    is nearly as wide (within a tenth).
    """
    width, height = size
    chosen = [wanted for wanted in sorted(widths) if wanted <= width]
    if width < max(widths) and width > 1.1 * max(chosen, default=0):
        chosen.append(width)
    return [(wide, max(1, round(height * wide / width))) for wide in chosen]


def reduced_size(size, box_widths):
    """Return the least size to decode an image in, so that no rendition is enlarged.

    size: (width, height) of the image, in pixels.
    box_widths: for each box, (its width in the image, the width of its widest rendition).
    """
    scale = min(1.0, max(widest / box for box, widest in box_widths))
    return tuple(ceil(side * scale) for side in size)
