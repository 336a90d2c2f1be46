"""Static files in a bucket (STATIC_S3_BUCKET). Apart, since boto3 weighs 20 MB in every process."""

import re
from concurrent.futures import ThreadPoolExecutor

from storages.backends.s3 import S3Storage

from avion.static_files import ON_S3, SiteStaticFiles

AT_A_TIME = 8  # uploads
HASHED = re.compile(r"\.[0-9a-f]{12}(\.|$)")  # as Django's manifest names files


class StaticFilesOnS3(SiteStaticFiles):
    """The same files, with copies in a bucket, where browsers fetch them (STATIC_S3_BUCKET).

    `collectstatic` puts them there, and leaves those of other releases alone: while nodes are
    upgraded one after the other, pages of either find theirs. Each node keeps the manifest in its
    own folder, so that it starts without the bucket. bucket: options of django-storages.
    """

    def __init__(self, *args, bucket, **kwargs):
        super().__init__(*args, **kwargs)
        self.bucket = Bucket(gzip=True, location=ON_S3, **bucket)

    def post_process(self, *args, **kwargs):
        collected: dict[str, str] = {}
        for name, stored, processed in super().post_process(*args, **kwargs):
            if not isinstance(processed, Exception):
                collected |= {name: stored}
            yield name, stored, processed
        if not kwargs.get("dry_run"):
            names = {*collected, *collected.values()}
            with ThreadPoolExecutor(AT_A_TIME) as pool:
                list(pool.map(self._put, [n for n in names if not n.endswith((".gz", ".br"))]))

    def _put(self, name):
        if is_hashed(name) and self.bucket.exists(name):
            return
        with self.open(name) as file:
            self.bucket.save(name, file)

    def url(self, name, force=False):
        return self.bucket.url(super().url(name, force).removeprefix(self.base_url))


class Bucket(S3Storage):
    """Files that keep their names; those with a hash in it never change."""

    def get_object_parameters(self, name):
        lasting = "public, max-age=31536000, immutable"
        caching = lasting if is_hashed(name) else "public, max-age=3600"
        return super().get_object_parameters(name) | {"CacheControl": caching}


def is_hashed(name) -> bool:
    return HASHED.search(name) is not None
