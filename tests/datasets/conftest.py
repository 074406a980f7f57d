"""A server on loopback that behaves as badly as it is told, and small files to fetch from it."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from faultdiag.datasets.files import DataFile


@dataclass
class Site:
    """What the server offers, how it fails, and what it was asked for."""

    content: dict[str, bytes] = field(default_factory=dict)
    drop_after: list[int | None] = field(default_factory=list)
    """For each request in turn: after how many bytes the connection breaks; None is not."""
    skips: bool = True
    """Whether ranges are honoured."""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    base_url: str = ""

    def files(self) -> list[DataFile]:
        return [
            DataFile(name, len(data), hashlib.sha256(data).hexdigest(), ("fault",))
            for name, data in self.content.items()
        ]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    here = Site({"1.mat": bytes(range(256)) * 4000, "2.mat": b"second" * 1000})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name, wanted = self.path[1:], self.headers.get("Range")
            here.asked.append((name, wanted))
            data = here.content.get(name)
            if data is None:
                self.send_error(404)
                return
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and here.skips else 0
            if start >= len(data):
                self.send_error(416)
                return
            if wanted and here.skips:
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            stop = here.drop_after.pop(0) if here.drop_after else None
            self.wfile.write(data[start:] if stop is None else data[start : start + stop])
            self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    here.base_url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
    thread.join()
