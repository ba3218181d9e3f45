"""Start the web server and the task worker together, and stop both together."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.models import User

POLL_SECONDS = 0.5
# A worker that dies more often than this within a minute will not get well by being started again.
DEATHS_A_MINUTE = 3
STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# Reminders are looked at so often; a run that was missed is made up for by the next.
JOBS_EVERY_SECONDS = 600
JOBS = ("send_reminders", "draft_reports")


class Command(BaseCommand):
    help = "启动网站和后台任务进程（Ctrl+C 一起停止）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--workers", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if _is_taken(host, port):
            raise CommandError(f"端口 {port} 已被占用。换一个端口再试，例如：make run PORT={port + 1}")
        # Ctrl+C too: a shell that starts this in the background has it ignored.
        for stop in STOPS:
            signal.signal(stop, _interrupt)
        processes = {"server": _start_server(host, port, options["workers"]), "worker": _start_worker()}
        try:
            self._announce(f"http://{host}:{port}/")
            self._wait(processes)
        except KeyboardInterrupt:
            self.stdout.write("\n正在停止……")
        finally:
            _stop(list(processes.values()))

    def _wait(self, processes: dict[str, subprocess.Popen[bytes]]) -> None:
        """Until the server ends. A worker that was killed is started again: it leaves nothing half-done."""
        deaths: list[float] = []
        next_at = time.monotonic()
        while processes["server"].poll() is None:
            if processes["worker"].poll() is not None:
                deaths = [*(at for at in deaths if time.monotonic() - at < 60), time.monotonic()]
                if len(deaths) > DEATHS_A_MINUTE:
                    raise CommandError("后台任务进程反复退出，请查看上面的信息。")
                self.stderr.write("后台任务进程意外退出，正在重新启动。中断的导入可以在它的页面上重新开始。")
                processes["worker"] = _start_worker()
            if time.monotonic() >= next_at and all(_has_ended(processes.get(job)) for job in JOBS):
                processes |= {job: _start_job(job) for job in JOBS}
                next_at = time.monotonic() + JOBS_EVERY_SECONDS
            time.sleep(POLL_SECONDS)
        raise CommandError("网站进程意外退出，请查看上面的信息。")

    def _announce(self, address: str) -> None:
        self.stdout.write(f"\n园企通已启动：{address}")
        if settings.DEMO:
            self.stdout.write("演示账号（打开登录页，点角色按钮即可进入，没有密码）：")
            for user in User.objects.filter(is_demo=True, is_active=True):
                self.stdout.write(f"  {user.username:<10}{user.get_role_display()}  {user.name}")
        self.stdout.write("按 Ctrl+C 停止。")
        self.stdout.flush()


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def _start_server(host: str, port: int, workers: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "4", "--log-level", "warning", "crm.wsgi:application"]
    return subprocess.Popen(command, cwd=settings.BASE_DIR)


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "manage.py", "db_worker", "--verbosity", "0"], cwd=settings.BASE_DIR)


def _start_job(job: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "manage.py", job, "--verbosity", "0"], cwd=settings.BASE_DIR)


def _has_ended(process: subprocess.Popen[bytes] | None) -> bool:
    return process is None or process.poll() is not None


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            # Not SIGINT, which a process started in the background ignores; killed hard, the server leaves its worker.
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _interrupt(*_: Any) -> None:
    """Once: a terminal that is closed tells it more than once, and stopping must come to its end."""
    for stop in STOPS:
        signal.signal(stop, signal.SIG_IGN)
    raise KeyboardInterrupt
