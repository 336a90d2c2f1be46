"""How static files are kept for production: hashed, compressed, and in few requests."""

import re
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

ON_S3 = "static"  # their folder in a bucket, which may be that of the uploads
IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\) layer\((?P<layer>[a-z]+)\);')


class SiteStaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with what a style sheet imports into a layer put inside it.

    A browser would find the import only once it has the style sheet: a second round trip before
    the first paint.
    """

    def post_process(self, paths, *args, **kwargs):
        whole = {
            name: (_Whole(storage) if name.endswith(".css") else storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(whole, *args, **kwargs)


class _Whole:
    """A source of static files that opens style sheets with their imports inside."""

    def __init__(self, source):
        self.source = source

    def open(self, path):
        def imported(match):
            beside = str(PurePosixPath(path).parent / match["name"])
            return f"@layer {match['layer']} {{\n{self._read(beside)}}}"

        return ContentFile(IMPORT.sub(imported, self._read(path)).encode())

    def _read(self, path):
        with self.source.open(path) as file:
            return file.read().decode()
