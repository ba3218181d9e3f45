"""`manage.py serve`: one command that starts everything and leaves nothing behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

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
