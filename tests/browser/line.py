"""A network that can be cut: between browser and server, so that page and service worker both feel it."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock, Thread


class Line:
    """Carries connections to a port of this machine, until it is cut; it can also lose the answer to one sending."""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        self.is_cut = False
        # Loses the answer to every POST to this path: the server has it, the browser never hears so. A browser that
        # loses one sends a second time by itself.
        self.loses_answer_to = ""
        self.lost = 0
        Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        self.is_cut = True
        with self._lock:
            for end in self._open:
                _end(end)
            self._open.clear()

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            if self.is_cut:
                browser.close()
                continue
            Thread(target=self._carry, args=(browser,), daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        server = socket.create_connection(self._to)
        with self._lock:
            self._open |= {browser, server}
        talk = _Talk()
        Thread(target=self._pass_on, args=(browser, server, talk), daemon=True).start()
        self._bring_back(server, browser, talk)

    def _pass_on(self, browser: socket.socket, server: socket.socket, talk: _Talk) -> None:
        with suppress(OSError):
            while data := browser.recv(65536):
                if self.loses_answer_to and data.startswith(f"POST {self.loses_answer_to} ".encode()):
                    talk.is_lost = True
                server.sendall(data)
        _end(server)

    def _bring_back(self, server: socket.socket, browser: socket.socket, talk: _Talk) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if talk.is_lost:
                    self.lost += 1
                    break
                browser.sendall(data)
        _end(browser)
        _end(server)


class _Talk:
    """What both directions of one connection know."""

    is_lost = False


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
