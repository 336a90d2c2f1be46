"""Renditions against WordPress's: bytes, likeness, throughput, memory. Needs numpy.

    .venv/bin/pip install numpy && .venv/bin/python bench/pictures.py FOLDER

FOLDER holds photographs (JPEG), such as those of Debian's packages mate-backgrounds and
plasma-workspace-wallpapers. What is compared was made in the same run from the same pixels.
"""

import os
import resource
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from time import perf_counter

import numpy
from PIL import Image as Picture

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "avion.settings",
    "SECRET_KEY": "only-measured-never-served-only-measured-never-served",
    "SITE_URL": "https://avion.test",
    "DATABASE_URL": "sqlite:///:memory:",
    "MEDIA_ROOT": tempfile.mkdtemp(),
}

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402  # after setup()

from articles.images import renditions  # noqa: E402  # after setup()
from articles.images.uploads import accept  # noqa: E402  # after setup()
from articles.models import Image  # noqa: E402  # after setup()

# WordPress 6: `medium` to `2048×2048`, JPEG at 82, as wp_generate_attachment_metadata makes them.
WORDPRESS_WIDTHS = [300, 768, 1024, 1536, 2048]
WORDPRESS = {"quality": 82}
PHONE = 390 * 3  # CSS pixels × density: what a phone of today asks of a picture as wide as itself
DESKTOP = 1152  # the hero's width in site.css


def encoded(picture, form, options) -> bytes:
    output = BytesIO()
    picture.save(output, form, **options)
    return output.getvalue()


def likeness(one, other) -> float:
    """Return the mean structural similarity of two pictures' luma, in windows of 8 × 8 pixels.

    Wang, Bovik, Sheikh, Simoncelli: Image Quality Assessment, 2004, with uniform windows.
    """
    x, y = (numpy.asarray(picture.convert("L"), dtype=float) for picture in (one, other))
    window = 8

    def mean(values):
        total = values.cumsum(0).cumsum(1)
        total = numpy.pad(total, ((1, 0), (1, 0)))
        corners = total[window:, window:] - total[:-window, window:]
        return (corners - total[window:, :-window] + total[:-window, :-window]) / window**2

    mean_x, mean_y = mean(x), mean(y)
    spread_x, spread_y = mean(x * x) - mean_x**2, mean(y * y) - mean_y**2
    shared = mean(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mean_x * mean_y + c1) * (2 * shared + c2)
    bottom = (mean_x**2 + mean_y**2 + c1) * (spread_x + spread_y + c2)
    return float((top / bottom).mean())


def compare(photographs):
    """Print bytes and likeness at one width, and of what a browser would choose."""
    print("width  format  bytes of WordPress's JPEG 82  likeness (WordPress's)")
    for width in (480, 800, 1200, 1600):
        sums: dict[str, list[float]] = {
            suffix: [0, 0] for suffix in ("wordpress", *renditions.ENCODERS)
        }
        count = 0
        for photograph in photographs:
            if photograph.width < width:
                continue
            count += 1
            size = (width, round(photograph.height * width / photograph.width))
            pixels = photograph.resize(size, Picture.Resampling.LANCZOS)
            ways = {"wordpress": ("JPEG", WORDPRESS)} | renditions.ENCODERS
            for suffix, (form, options) in ways.items():
                content = encoded(pixels, form, options)
                sums[suffix][0] += len(content)
                sums[suffix][1] += likeness(pixels, Picture.open(BytesIO(content)))
        their_weight, their_likeness = sums.pop("wordpress")
        for suffix, (weight, alike) in sums.items():
            print(
                f"{width:5}  {suffix:6}  {weight / their_weight:5.0%}  "
                f"{alike / count:.4f} ({their_likeness / count:.4f})"
            )
    for place, needed in (("phone", PHONE), ("desktop", DESKTOP)):
        ours = theirs = 0
        for photograph in photographs:
            theirs += hero_bytes(photograph, WORDPRESS_WIDTHS, needed, "JPEG", WORDPRESS)
            ours += hero_bytes(
                photograph, renditions.SLOTS["hero"].widths, needed, *renditions.ENCODERS["avif"]
            )
        print(f"main picture on a {place}: {ours / theirs:.0%} of WordPress's bytes")


def hero_bytes(photograph, widths, needed, form, options) -> int:
    """Return the bytes of the narrowest file that fills `needed` pixels, cut to 16:9."""
    width = next((w for w in widths if w >= needed), widths[-1])
    width = min(width, photograph.width)
    return len(encoded(photograph.resize((width, round(width * 9 / 16))), form, options))


def throughput(contents):
    """Print how many times faster two pictures at a time are made than one after another."""
    images = []
    for number, content in enumerate(contents):
        image = Image(title=str(number), credit="x")
        image.file.save(f"{number}.jpg", ContentFile(content), save=False)
        images.append(image)
    times = {}
    for parallel in (1, 2):
        start = perf_counter()
        with ThreadPoolExecutor(parallel) as pool:
            list(pool.map(renditions.build, images))
        times[parallel] = perf_counter() - start
    print(
        f"renditions: {len(images) / times[1]:.2f} pictures a second one at a time; "
        f"two at a time {times[1] / times[2]:.2f} times that"
    )


def memory():
    """Print the peak of taking in a picture of 60 million pixels and making its renditions."""
    path = Path(os.environ["MEDIA_ROOT"]) / "big.jpg"
    in_child(draw_large, path)
    in_child(take_in, path)


def in_child(step, path):
    """Run a step in a process of its own, whose peak is nothing but the step's."""
    child = os.fork()
    if child == 0:
        step(path)
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"{step.__name__} failed")


def draw_large(path):
    Picture.effect_noise((9480, 6320), 40).convert("RGB").save(path, "JPEG", quality=60)


def take_in(path):
    before = peak()
    accepted = accept(ContentFile(path.read_bytes(), "big.jpg"))
    taken = peak()
    image = Image(title="big", credit="x")
    image.file.save("big.jpg", ContentFile(accepted.content), save=False)
    renditions.build(image)
    print(
        f"60 million pixels: {before} MB before, {taken} MB at most while it was taken in, "
        f"{peak()} MB while its renditions were made"
    )


def peak() -> int:
    """Return the largest resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main():
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    paths = sorted(Path(sys.argv[1]).glob("*.jpg"))
    if not paths:
        sys.exit(f"{sys.argv[1]} holds no *.jpg.")
    memory()
    compare([Picture.open(path).convert("RGB") for path in paths])
    throughput([path.read_bytes() for path in paths])


main()
