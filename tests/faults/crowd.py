"""Those who wear a server down: python -m tests.faults.crowd KIND PORT [HOST], until it is killed.

With a HOST they come by TLS, each from one of three other addresses of loopback, as to nginx.
Says "ready" once it is at it. Needs as many open files as the machine allows.
"""

import asyncio
import resource
import ssl
import sys
import time
from contextlib import suppress
from functools import cache
from itertools import cycle
from uuid import uuid4

SPARE = 1000  # files that the rest of a process needs
LARGE = 60_000  # bytes of a header
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
HOST = sys.argv[3] if __name__ == "__main__" and len(sys.argv) > 3 else ""
HEAD = b"GET %s HTTP/1.1\r\nHost: " + (HOST or "127.0.0.1").encode() + b"\r\n"
SOURCES = cycle(["127.0.0.2", "127.0.0.3", "127.0.0.4"])


async def opened(port, is_greeted=True) -> Line:
    """Return a connection to the server. is_greeted: TLS is spoken where there is a HOST."""
    source = (next(SOURCES), 0) if HOST else None
    tls = _unverified() if HOST and is_greeted else None
    return await asyncio.open_connection("127.0.0.1", port, ssl=tls, local_addr=source)


@cache
def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def most(wanted) -> int:
    """Return how many of the wanted connections this machine allows, and allow them."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard - SPARE)


async def connected(port, number, **options) -> list[Line]:
    """Return so many open connections, as (reader, writer)."""
    lines: list[Line] = []
    end = time.monotonic() + 120
    while len(lines) < number:
        if time.monotonic() > end:
            raise TimeoutError(len(lines))
        group = [
            asyncio.wait_for(opened(port, **options), 30)
            for _each in range(min(500, number - len(lines)))
        ]
        found = await asyncio.gather(*group, return_exceptions=True)
        lines += [line for line in found if isinstance(line, tuple)]
    return lines


async def idle(port):
    """10,000 who connect and say nothing; whom the server sends away comes again."""
    while True:
        lines = await connected(port, most(10_000), is_greeted=False)
        ready()
        await asyncio.sleep(8)
        for _reader, writer in lines:
            writer.close()


async def slow(port):
    """500 who send a request a letter a second (slowloris)."""
    lines = await connected(port, 500)
    for _reader, writer in lines:
        writer.write(HEAD % b"/")
    ready()
    while True:
        for _reader, writer in lines:
            with suppress(ConnectionError):
                writer.write(b"X")
        await asyncio.sleep(1)


async def strangers(port):
    """2,000 requests a second for addresses that nobody has seen, at most."""
    lines = await connected(port, 20)
    ready()
    await asyncio.gather(*(_stranger(reader, writer, port) for reader, writer in lines))


async def _stranger(reader, writer, port):
    while True:
        with suppress(OSError, asyncio.IncompleteReadError):
            writer.write(HEAD % f"/{uuid4().hex}/?{uuid4().hex}".encode() + b"\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            await asyncio.sleep(0.01)
            continue
        await asyncio.sleep(0.05)
        with suppress(OSError):
            reader, writer = await opened(port)


async def headers(port):
    """50 who send headers of 60 KB, again and again."""
    ready()
    await asyncio.gather(*(_headers(port) for _each in range(50)))


async def _headers(port):
    while True:
        with suppress(OSError):
            _reader, writer = await opened(port)
            writer.write(HEAD % b"/" + b"X-Much: " + b"x" * LARGE + b"\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.2)
            writer.close()


async def first(port, path, number) -> list[tuple[bytes, bytes]]:
    """Let so many ask for a page in one moment; return (status line, body) of each."""
    lines = await connected(port, number)
    for _reader, writer in lines:
        writer.write(HEAD % path.encode() + b"\r\n")
    answers = await asyncio.gather(*(_answer(reader) for reader, _writer in lines))
    for _reader, writer in lines:
        writer.close()
    await asyncio.sleep(0)  # for the sockets to be closed
    return answers


async def _answer(reader) -> tuple[bytes, bytes]:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 240)
    return head.partition(b"\r\n")[0], await reader.readexactly(_length(head))


def _length(head) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])


def ready():
    sys.stdout.write("ready\n")
    sys.stdout.flush()


KINDS = {"idle": idle, "slow": slow, "strangers": strangers, "headers": headers}

if __name__ == "__main__":
    asyncio.run(KINDS[sys.argv[1]](int(sys.argv[2])))
