"""Which rows a figure is about and which of them count, as sources and conditions over a scope."""

from __future__ import annotations

from reports.rows.answers import *  # noqa: F403
from reports.rows.appeals import *  # noqa: F403
from reports.rows.common import *  # noqa: F403
from reports.rows.economy import *  # noqa: F403
from reports.rows.register import *  # noqa: F403
from reports.rows.visits import *  # noqa: F403
