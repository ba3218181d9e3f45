"""`manage.py serve`: one command that starts everything and leaves nothing behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from crm.management.commands import serve
from crm.management.commands.serve import _stop

# A shell starts what runs in its background like this.
DEAF_TO_CTRL_C = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("on", flush=True)
time.sleep(60)
"""


def test_a_port_that_is_taken_is_told_with_another_to_try():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"端口 {port} 已被占用.*PORT={port + 1}"):
            call_command("serve", port=port)


def test_a_process_that_ignores_ctrl_c_is_stopped_gently_all_the_same():
    command = [sys.executable, "-c", DEAF_TO_CTRL_C]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "on\n"
        _stop([process])
    assert process.returncode == -signal.SIGTERM


def sleeper(seconds: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({seconds})"])


def test_a_worker_that_was_killed_is_started_again_and_the_site_goes_on(monkeypatch, capsys):
    monkeypatch.setattr(serve, "POLL_SECONDS", 0.01)
    started = []

    def start_worker():
        started.append(sleeper(60))
        return started[-1]

    monkeypatch.setattr(serve, "_start_worker", start_worker)
    processes = {"server": sleeper(1), "worker": sleeper(60)}
    processes["worker"].kill()
    with pytest.raises(CommandError, match="网站进程意外退出"):
        serve.Command()._wait(processes)
    assert processes["worker"] is started[0]
    assert len(started) == 1
    assert "正在重新启动" in capsys.readouterr().err
    _stop(list(processes.values()))


def test_a_worker_that_never_stays_up_ends_the_site(monkeypatch):
    monkeypatch.setattr(serve, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(serve, "_start_worker", lambda: sleeper(0))
    processes = {"server": sleeper(60), "worker": sleeper(0)}
    with pytest.raises(CommandError, match="反复退出"):
        serve.Command()._wait(processes)
    _stop(list(processes.values()))


def test_a_second_signal_does_not_break_off_the_stopping():
    known = {stop: signal.getsignal(stop) for stop in serve.STOPS}
    try:
        with pytest.raises(KeyboardInterrupt):
            serve._interrupt()
        for stop in serve.STOPS:
            signal.raise_signal(stop)
    finally:
        for stop, handler in known.items():
            signal.signal(stop, handler)
