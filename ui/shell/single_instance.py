"""One program a user: who starts it again raises the window that is there, and hands over the files it was given.

The first one holds a lock of the operating system, which ends with its process: what a crash leaves locks nobody out.
Beside it a local socket takes the files. QtNetwork is loaded after the first window, or by the second start only.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock, Timeout
from PySide6.QtCore import QObject, Signal

from app.workbook.replicas import state_dir

_PATIENCE = 5.0  # seconds: the first one may have begun to start an instant ago
_MOST_BYTES = 64 * 1024
_ACTIVATION = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")  # what lets a window come to the front
_ANY_PROCESS = -1  # ASFW_ANY


def server_name() -> str:
    """The socket's name: of this user and this folder of state, so that tests and other users have their own."""
    user = os.environ.get("USERNAME", "") if sys.platform == "win32" else str(os.getuid())
    return f"hudang-{blake2b(f'{user} {state_dir().absolute()}'.encode(), digest_size=10).hexdigest()}"


class SingleInstance(QObject):
    """The lock and the socket of the first program.

    Signals:
        started_again: somebody started the program again, with these files (list of paths)
    """

    started_again = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock: FileLock | None = None

    def acquire(self) -> bool:
        """Whether this is the only one. A folder that cannot be written is no reason not to start."""
        path = state_dir() / "program.lock"
        lock = FileLock(path, timeout=0, thread_local=False, fallback_to_soft=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            return False
        except OSError:
            return True
        self._lock = lock
        return True

    def release(self) -> None:
        """The program ends."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def listen(self) -> None:
        """From now on hear of later starts; a socket that a crash left is replaced."""
        from PySide6.QtNetwork import QLocalServer

        if self._lock is None:
            return
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)
        QLocalServer.removeServer(server_name())
        self._server.listen(server_name())

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)

    def _read(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        socket = self.sender()
        assert isinstance(socket, QLocalSocket)
        if socket.bytesAvailable() > _MOST_BYTES:
            socket.abort()
        elif socket.canReadLine():
            paths = _told_paths(bytes(socket.readLine().data()))
            socket.write(b"ok\n")
            socket.flush()
            if paths is not None:
                self.started_again.emit(paths)


def _told_paths(line: bytes) -> list[Path] | None:
    """What a later start says: absolute paths, and what lets the window come to the front."""
    try:
        message = json.loads(line)
        paths = [Path(str(path)) for path in message["paths"]]
        activation = dict(message["activation"])
    except (ValueError, KeyError, TypeError):
        return None
    for name in _ACTIVATION:
        if isinstance(activation.get(name), str):
            os.environ[name] = activation[name]
    return [path for path in paths if path.is_absolute()]


def hand_over(paths: Sequence[Path]) -> bool:
    """Tell the program that runs to come to the front and open these; False if it does not answer."""
    from PySide6.QtNetwork import QLocalSocket

    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(_ANY_PROCESS)
    activation = {name: os.environ[name] for name in _ACTIVATION if name in os.environ}
    message = json.dumps({"paths": [str(path) for path in paths], "activation": activation})
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        socket = QLocalSocket()
        socket.connectToServer(server_name())
        if socket.waitForConnected(500):
            socket.write(message.encode() + b"\n")
            socket.flush()
            if socket.waitForReadyRead(2000) and bytes(socket.readAll().data()).startswith(b"ok"):
                return True
        time.sleep(0.05)
    return False
