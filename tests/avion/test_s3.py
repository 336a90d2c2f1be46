"""Pictures on S3: the whole way of a picture against a local server that speaks S3."""

import json
import logging
from datetime import timedelta
from io import StringIO
from urllib.request import urlopen

import boto3
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from moto.server import ThreadedMotoServer

from articles.images import renditions
from articles.models import Image
from authors import roles
from avion import environment
from tests.factories import figures, make_published, make_user, photograph

BUCKET = "photos"
POLICY = {  # what docs/configuration.md asks for: everybody may read, by name, and list nothing
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/*",
        }
    ],
}
KEYS = {"aws_access_key_id": "a", "aws_secret_access_key": "s"}


@pytest.fixture(scope="module")
def endpoint():
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line for each request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint, monkeypatch, settings):
    """Storage on S3 as the environment variables say it; the raw client beside."""
    client = boto3.client("s3", endpoint_url=endpoint, region_name="eu-west-3", **KEYS)
    client.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
    )
    client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(POLICY))
    for name, value in {
        "BUCKET": BUCKET,
        "ACCESS_KEY": "a",
        "SECRET_KEY": "s",
        "ENDPOINT": endpoint,
        "REGION": "eu-west-3",
        "ADDRESSING": "path",
    }.items():
        monkeypatch.setenv(f"MEDIA_S3_{name}", value)
    stored = environment.media_storage(settings.MEDIA_ROOT, "/media/")
    settings.STORAGES = settings.STORAGES | {"default": stored}
    return client


def names(client) -> set[str]:
    return {entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


@pytest.fixture
def hours_later(monkeypatch):
    """What is left over is removed once it is an hour old."""
    monkeypatch.setattr("articles.images.stock.SETTLED", timedelta(0))


def run() -> str:
    output = StringIO()
    call_command("renditions", "--remove-orphans", stdout=output, stderr=output)
    return output.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_pictures_whole_way(bucket, client, hours_later):
    call_command("migrate", verbosity=0)
    client.force_login(make_user(roles.EDITOR))
    said = {"title": "Un", "credit": "Agence", "licence": "own", "alt": "Un avion"}
    file = SimpleUploadedFile("a.jpg", photograph(1))
    client.post(reverse("admin:articles_image_add"), said | {"file": file})
    image = Image.objects.get()
    files = {image.file.name, *renditions.names(image.renditions)}
    assert names(bucket) == files

    article = make_published(hero_image=image, body="<p>a</p>" + figures(image))
    page = client.get(article.get_absolute_url()).content.decode()
    shown = [name for name in renditions.names(image.renditions) if "/hero-" in name]
    address = default_storage.url(next(name for name in shown if name.endswith(".avif")))
    assert address in page
    with urlopen(address) as answer:
        assert answer.headers["Content-Type"] == "image/avif"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"

    lost = renditions.names(image.renditions)[2]
    bucket.delete_object(Bucket=BUCKET, Key=lost)
    bucket.put_object(Bucket=BUCKET, Key="renditions/0123/full-480.jpg", Body=b"x")
    assert "1 pictures got" in run()
    assert names(bucket) == files

    change = reverse("admin:articles_image_change", args=[image.pk])
    client.post(change, said | {"file": SimpleUploadedFile("b.jpg", photograph(5))})
    image.refresh_from_db()
    kept = {image.file.name, *renditions.names(image.renditions)}
    assert kept <= names(bucket)
    run()
    assert names(bucket) == kept
