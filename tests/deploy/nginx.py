"""deploy/nginx/avion.conf as it stands, before two nodes: for tests and benchmarks."""

import datetime
import http.client
import os
import re
import shutil
import signal
import ssl
import subprocess
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.servers import ROOT, Server, free_port

NAME = "www.example.fr"
THREADS = {"blocking-threads": 8}  # as deploy/systemd/avion.service has them
HTTP = """
{user} worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log warn;
events {{ worker_connections 20000; }}
http {{ types {{ text/html html; text/css css; }} access_log off; include {folder}/avion.conf;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; }}
"""


class Site:
    """Two nodes and nginx before them.

    changes: {pattern: value} of its settings, besides. within: a command that runs each node's.
    """

    def __init__(self, folder, environment, changes=None, within=()):
        self.nodes = [
            Server(environment, workers=1, within=within, **THREADS) for _node in range(2)
        ]
        self.port, self.folder = free_port(), folder
        certify(folder)
        settings = (ROOT / "deploy" / "nginx" / "avion.conf").read_text()
        nodes = "\n".join(f"    server 127.0.0.1:{each.port};" for each in self.nodes)
        for pattern, value in {
            r"    server 127\.0\.0\.1:8000[^;]*;": nodes,
            r"listen 80;": f"listen 127.0.0.1:{free_port()};",
            r"listen 443 ": f"listen 127.0.0.1:{self.port} ",
            r"/etc/letsencrypt/live/www\.example\.fr/": f"{folder}/",
            r"/srv/avion/var": str(folder / "var"),
            r"/var/cache/nginx": str(folder / "cache"),
            **(changes or {}),
        }.items():
            settings, found = re.subn(pattern, value, settings)
            assert found, pattern
        (folder / "cache").mkdir()
        user = "user root;" if os.geteuid() == 0 else ""  # pytest's folders are its own alone
        (folder / "avion.conf").write_text(settings)
        (folder / "nginx.conf").write_text(HTTP.format(folder=folder, user=user))
        for node in self.nodes:
            node.wait_until_up()
        binary = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
        command = [binary, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        self.nginx = subprocess.Popen(command, start_new_session=True)
        self._wait()

    def _wait(self):
        for _attempt in range(200):
            try:
                self.get("/static/nothing")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "error.log").read_text())

    def tls(self):
        context = ssl.create_default_context(cafile=self.folder / "fullchain.pem")
        context.check_hostname = False
        return context

    def stop(self):
        os.killpg(self.nginx.pid, signal.SIGKILL)
        self.nginx.wait()
        for node in self.nodes:
            node.kill()

    def line(self, source="127.0.0.1"):
        """Return a connection to nginx from an address of loopback."""
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=20, context=self.tls(), source_address=(source, 0)
        )

    def get(self, path, *, method="GET", source="127.0.0.1", **headers):
        """Ask nginx; source: the address of loopback from which."""
        line = self.line(source)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request(method, path, headers={"Host": NAME} | names)
            answer = line.getresponse()
            answer.content = answer.read()
            return answer
        finally:
            line.close()


def certify(folder):
    """Write a certificate of our own for NAME."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
