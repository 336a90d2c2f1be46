"""What is done with pictures in the background (see TASKS in avion/settings.py)."""

from django.db import transaction
from django.tasks import task

from articles.images import renditions
from articles.models.image import Image


def request_renditions(image) -> None:
    """Have the renditions of a saved image made, once its row is committed."""
    if not renditions.is_current(image):
        transaction.on_commit(lambda: make_renditions.enqueue(image.pk))


@task
def make_renditions(image_id):
    """Make what an image lacks; where it changes meanwhile, its own task follows."""
    image = Image.objects.filter(pk=image_id).first()  # deleted since, perhaps
    if image and not renditions.is_current(image):
        renditions.record(image, renditions.build(image))
