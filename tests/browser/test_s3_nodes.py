"""Two nodes with one database, pictures and static files on S3: a browser gets all it asks for."""

import json
import logging
import re
import shutil

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.servers import Server, empty_database, run

PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.factories import make_photograph, make_published
make_published("Un vol", slug="un-vol", hero_image=make_photograph(alt="Un avion"))
"""
COLLECT = """
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
"""
KEYS = {"aws_access_key_id": "a", "aws_secret_access_key": "s"}
PUBLIC = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}


@pytest.fixture(scope="module")
def bucket():
    """The address of a server that speaks S3, and a client; anybody may read, as the docs say."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line for each request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    client = boto3.client("s3", endpoint_url=endpoint, region_name="eu-west-3", **KEYS)
    client.create_bucket(
        Bucket="avion", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
    )
    policy = {"Statement": [PUBLIC | {"Resource": "arn:aws:s3:::avion/*"}]}
    client.put_bucket_policy(Bucket="avion", Policy=json.dumps(policy))
    yield endpoint, client
    server.stop()


@pytest.fixture(scope="module")
def nodes(bucket, tmp_path_factory):
    """Two servers; each has a folder of its own for the manifest and nothing but it in common."""
    endpoint, _client = bucket
    said = {
        "BUCKET": "avion",
        "ACCESS_KEY": "a",
        "SECRET_KEY": "s",
        "ENDPOINT": endpoint,
        "REGION": "eu-west-3",
        "ADDRESSING": "path",
    }
    variables = {f"{kind}_S3_{n}": v for kind in ("MEDIA", "STATIC") for n, v in said.items()}
    variables |= {"MEDIA_SOURCES": endpoint, "STATIC_SOURCES": endpoint}
    servers = []
    with empty_database(tmp_path_factory.mktemp("s3")) as environment:
        run(PREPARE, environment | variables)
        collected = tmp_path_factory.mktemp("static")
        run(COLLECT, environment | variables | {"STATIC_ROOT": str(collected)})
        for number in range(2):
            folder = tmp_path_factory.mktemp(f"node-{number}")
            static = shutil.copytree(collected, folder / "static")
            own = {"STATIC_ROOT": str(static), "PAGE_FILES": str(folder / "pages")}
            servers.append(Server(environment | variables | own, workers=1))
        for server in servers:
            server.wait_until_up()
        yield servers
        for server in servers:
            server.kill()


def test_a_browser_gets_all_from_the_bucket(nodes, bucket, chromium):
    endpoint, _client = bucket
    for node in nodes:
        page = chromium.new_page()
        answers, complaints = {}, []
        page.on("response", lambda answer, kept=answers: kept.update({answer.url: answer}))
        page.on("console", lambda said, kept=complaints: kept.append(said.text))
        page.goto(f"http://127.0.0.1:{node.port}/un-vol/")
        page.wait_for_load_state("networkidle")
        assert complaints == []
        ours = [url for url in answers if url.startswith(f"http://127.0.0.1:{node.port}/static/")]
        assert ours == []
        fetched = {url.rpartition(".")[2] for url in answers if url.startswith(endpoint)}
        assert {"css", "js", "woff2"} <= fetched
        assert {answer.status for answer in answers.values()} <= {200, 204}
        assert page.locator("figure.hero img:not(.placeholder)").evaluate("i => i.naturalWidth") > 0
        assert "Newsreader" in page.locator("h1").evaluate("e => getComputedStyle(e).fontFamily")
        page.close()


def test_files_with_a_hash_are_kept_for_a_year_and_others_for_an_hour(nodes, bucket):
    _endpoint, client = bucket
    listed = client.get_paginator("list_objects_v2").paginate(Bucket="avion", Prefix="static/css/")
    names = [each["Key"] for part in listed for each in part["Contents"]]
    assert not any(name.endswith((".gz", ".br")) for name in names)
    [hashed] = [name for name in names if re.fullmatch(r"static/css/site\.\w+\.css", name)]
    lasting, passing = (
        client.head_object(Bucket="avion", Key=name) for name in (hashed, "static/css/site.css")
    )
    assert "immutable" in lasting["CacheControl"]
    assert (lasting["ContentEncoding"], lasting["ContentType"]) == ("gzip", "text/css")
    assert passing["CacheControl"] == "public, max-age=3600"
