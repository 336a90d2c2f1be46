"""The files of the old site: where they are looked for, and where a server is never led."""

import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest import mock

import pytest

from articles.models.origin import upload_key
from articles.wordpress import media
from articles.wordpress.media import Folder, MissingFileError, Web, Zip

ADDRESS = "https://ancien.example/wp-content/uploads/2020/05/photo.jpg"


class Old(BaseHTTPRequestHandler):
    """An old site: each path is an answer."""

    asked: list[str] = []
    busy = 2

    def do_GET(self):
        self.asked.append(self.path)
        if "busy" in self.path and len(self.asked) <= self.busy:
            return self.answer(503, {"Retry-After": "1"})
        if "away" in self.path:
            return self.answer(302, {"Location": "http://169.254.169.254/latest/meta-data/"})
        if "round" in self.path:
            return self.answer(302, {"Location": self.path})
        if "endless" in self.path:
            return self.answer(200, {}, b"x" * 2000)
        if "gone" in self.path:
            return self.answer(404, {})
        return self.answer(200, {"Content-Length": "5"}, b"photo")

    def answer(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said):
        pass


@pytest.fixture
def old_site():
    Old.asked = []
    server = HTTPServer(("127.0.0.1", 0), Old)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("address", "key"),
    [
        (ADDRESS, "2020/05/photo.jpg"),
        ("https://i0.wp.com/ancien.example/wp-content/uploads/2020/05/a.jpg?w=3", "2020/05/a.jpg"),
        ("https://a.fr/wp-content/uploads/sites/3/2020/05/a%C3%A9.jpg", "2020/05/aé.jpg"),
        ("https://x.files.wordpress.com/2008/06/a.jpg", "2008/06/a.jpg"),
        ("http://[", ""),
    ],
)
def test_an_upload_is_named_by_its_place(address, key):
    assert upload_key(address) == key


def test_a_folder_is_not_left(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    inside = tmp_path / "site/wp-content/uploads/2020/05"
    inside.mkdir(parents=True)
    (inside / "photo.jpg").write_bytes(b"photo")
    with Folder(tmp_path / "site", largest=99).fetch(ADDRESS) as file:
        assert file.read() == b"photo"
    for path in ("../../../secret.txt", "..%2f..%2f..%2fsecret.txt", "/secret.txt", ""):
        with pytest.raises(MissingFileError):
            Folder(tmp_path / "site", largest=99).fetch(f"https://a.fr/wp-content/uploads/{path}")


def test_what_cannot_be_read_is_missing_and_no_more(tmp_path):
    folder = tmp_path / "2020/05"
    folder.mkdir(parents=True)
    (folder / "photo.jpg").write_bytes(b"x" * 100)
    (folder / "zero.jpg").write_bytes(b"x")
    source = Folder(tmp_path, largest=99)
    for name in ("photo.jpg", f"{'long' * 99}.jpg"):
        with pytest.raises(MissingFileError):
            source.fetch(ADDRESS.replace("photo.jpg", name))
    with source.fetch(ADDRESS.replace("photo", "ze%00ro")) as file:
        assert file.read() == b"x"


def test_a_zip_is_read_wherever_it_was_cut(tmp_path):
    path = tmp_path / "uploads.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("site/wp-content/uploads/2020/05/photo.jpg", b"photo")
        archive.writestr("2020/05/autre.jpg", b"autre")
    with Zip(path, largest=99).fetch(ADDRESS) as file:
        assert (file.read(), file.size) == (b"photo", 5)
    with Zip(path, largest=99).fetch(ADDRESS.replace("photo", "autre")) as file:
        assert file.read() == b"autre"
    with pytest.raises(MissingFileError):
        Zip(path, largest=99).fetch(ADDRESS.replace("photo", "parti"))
    with pytest.raises(MissingFileError):
        Zip(path, largest=4).fetch(ADDRESS)


def test_the_own_network_is_not_asked(old_site):
    web = Web(largest=1000)
    for address in (f"{old_site}/a.jpg", "http://0x7f000001/a.jpg", "http://127.1/a.jpg"):
        with pytest.raises(MissingFileError, match="réseau privé"):
            web.fetch(address)
    for address in ("file:///etc/passwd", "ftp://a.fr/a.jpg", "a.jpg", "http://[/a.jpg"):
        with pytest.raises(MissingFileError):
            web.fetch(address)
    assert Old.asked == []


@pytest.mark.parametrize(
    "address",
    (
        "10.0.0.1 127.0.0.1 169.254.169.254 192.168.1.1 ::1 fd00::1 fe80::1%eth0 "
        "::ffff:10.0.0.1 0.0.0.0 224.0.0.1 100.64.0.1"
    ).split(),
)
def test_private_addresses_are_known(address):
    assert not media._is_public(address)


def test_a_name_is_checked_by_the_address_that_is_connected_to():
    """A name that leads to a private address is refused, even among public ones."""
    found = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    with (
        mock.patch("socket.getaddrinfo", return_value=found),
        mock.patch("socket.create_connection") as connect,
        pytest.raises(MissingFileError, match="réseau privé"),
    ):
        Web(largest=1000).fetch("http://rebind.example/a.jpg")
    connect.assert_not_called()


def test_redirects_are_checked_too(old_site):
    web = Web(largest=1000)

    def is_public(address):
        return address == "127.0.0.1"  # as if the old site were elsewhere

    with mock.patch.object(media, "_is_public", is_public):
        with pytest.raises(MissingFileError, match="réseau privé"):
            web.fetch(f"{old_site}/away.jpg")
        with pytest.raises(MissingFileError, match="redirections"):
            web.fetch(f"{old_site}/round.jpg")


def test_files_are_fetched_with_patience_and_a_limit(old_site):
    web = Web(f"{old_site}/copie/uploads", largest=1000, allow_private=True)
    with web.fetch(ADDRESS) as file:
        assert (file.read(), file.size, file.name) == (b"photo", 5, "photo.jpg")
    assert Old.asked == ["/copie/uploads/2020/05/photo.jpg"]
    with pytest.raises(MissingFileError, match="HTTP 404"):
        web.fetch(ADDRESS.replace("photo", "gone"))
    with pytest.raises(MissingFileError, match="plus lourd"):
        web.fetch(ADDRESS.replace("photo", "endless"))
    Old.asked, pauses = [], []
    with mock.patch.object(media.time, "sleep", pauses.append):
        web.fetch(ADDRESS.replace("photo", "busy")).close()
    assert pauses == [1, 1]
