"""Where pictures are cut: inside the picture, in the right shape, near the focal point."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.images.geometry import crop_box, reduced_size, rendition_sizes

SIDES = st.integers(1, 10_000)
SHARES = st.floats(0, 1)


@given(SIDES, SIDES, SHARES, SHARES, st.floats(0.2, 5))
def test_a_box_lies_inside_and_fills_a_side(width, height, x, y, ratio):
    left, top, right, bottom = crop_box((width, height), (x, y), ratio)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert right - left == width or bottom - top == height


def test_a_box_is_cut_around_the_focal_point():
    assert crop_box((300, 100), (0.5, 0.5), 1) == (100, 0, 200, 100)
    assert crop_box((300, 100), (0.4, 0.5), 1) == (70, 0, 170, 100)
    assert crop_box((300, 100), (0.0, 0.5), 1) == (0, 0, 100, 100)
    assert crop_box((100, 300), (0.5, 1.0), 1) == (0, 200, 100, 300)


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (-1, 10)])
def test_a_picture_without_a_side_has_no_box(size):
    with pytest.raises(ValueError, match="above zero"):
        crop_box(size, (0.5, 0.5), 1)


def test_nothing_is_enlarged():
    assert rendition_sizes((3000, 2000), (480, 1200)) == [(480, 320), (1200, 800)]
    assert rendition_sizes((900, 600), (480, 1200)) == [(480, 320), (900, 600)]
    assert rendition_sizes((500, 250), (480, 1200)) == [(480, 240)]
    assert rendition_sizes((64, 36), (480, 1200)) == [(64, 36)]
    assert reduced_size((6000, 4000), [(6000, 1600), (3000, 1500)]) == (3000, 2000)
    assert reduced_size((600, 400), [(600, 1600)]) == (600, 400)
