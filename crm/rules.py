"""Rules that differ by district or year: each has the default of domain practice and may be set in the environment.

They are `settings.YQT`, where everybody reads them; every variable is listed in .env.example.
"""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from crm.environment import env


def one_of(name: str, *values: str) -> str:
    """A setting of few values, the first of them its default."""
    value: str = env.str(name, values[0])
    if value not in values:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(values)}, not {value!r}")
    return value


RULES: dict[str, Any] = {
    "SITE_NAME": env.str("SITE_NAME", "园企通"),
    # The day on which a statistical month starts: 1 (calendar) or 19 (接诉即办 practice).
    "MONTH_STARTS_ON": env.int("MONTH_STARTS_ON", 1),
    # What a "基本满意" and a "部分解决" count for in the rates (0, 0.5, 0.9, 1).
    "BASICALLY_SATISFIED_COUNTS": Decimal(env.str("BASICALLY_SATISFIED_COUNTS", "0.9")),
    "PARTLY_SOLVED_COUNTS": Decimal(env.str("PARTLY_SOLVED_COUNTS", "0")),
    # 口径 that districts settle differently (domain §2.4); each is printed under the figures it changes.
    # Whoever could not be reached: out of the rates, or counted as solved and satisfied, or as neither.
    "UNREACHABLE_COUNTS": one_of("UNREACHABLE_COUNTS", "out", "solved", "unsolved"),
    # A call-back that says nothing of satisfaction: out of the rates, or satisfied.
    "NO_ANSWER_ON_SATISFACTION": one_of("NO_ANSWER_ON_SATISFACTION", "out", "satisfied"),
    # Merged duplicates: once with the appeal they were merged into, or each as one received.
    "MERGED_COUNT": one_of("MERGED_COUNT", "once", "each"),
    # 不合理 matters are dropped from 解决率 and 满意率 only, or from every figure.
    "EXCLUDED_DROP": one_of("EXCLUDED_DROP", "rates", "all"),
    # Whether 挂账 is dropped from 解决率 while it is approved and its review is not due.
    "SHELVED_DROP": env.bool("SHELVED_DROP", True),
    # Of a reopened appeal the last closing counts, or the first.
    "REOPENED_BY": one_of("REOPENED_BY", "last", "first"),
    # Weights of response, solving and satisfaction in the composite score; they sum to 1.
    "SCORE_WEIGHTS": tuple(Decimal(w) for w in env.list("SCORE_WEIGHTS", default=["0.10", "0.50", "0.40"])),
    # Phone and online contacts are 联系, not 走访, unless a district counts them.
    "CONTACTS_COUNT_AS_VISITS": env.bool("CONTACTS_COUNT_AS_VISITS", False),
    # Days between visits by service tier; other enterprises use "none".
    "VISIT_INTERVAL_DAYS": {"city": 90, "district": 90, "town": 30, "none": 180},
    # Visits that a plan puts on one day of one person, up to 5.
    "PLANNED_VISITS_PER_DAY": min(env.int("PLANNED_VISITS_PER_DAY", 3), 5),
    # Days an enterprise must have been on a “服务包” list before it counts in the coverage (domain: V3).
    "COVERAGE_LISTED_DAYS": env.int("COVERAGE_LISTED_DAYS", 15),
    # Working days to first contact and to close with which the table 办理时限 begins (migration visits.0005); it is
    # kept on its page afterwards.
    "FIRST_CONTACT_WORKING_DAYS": env.int("FIRST_CONTACT_WORKING_DAYS", 1),
    "CLOSE_WORKING_DAYS": {"consult": 3, "coordinate": 10, "hard": 30},
    # 无效回访: so many attempts in vain, on so many different days; and the days for which a link may be answered.
    "CALL_BACK_TRIES": env.int("CALL_BACK_TRIES", 3),
    "CALL_BACK_DAYS": env.int("CALL_BACK_DAYS", 2),
    "CALL_BACK_LINK_DAYS": env.int("CALL_BACK_LINK_DAYS", 7),
    # From which likeness (0 to 1) on two texts are about one matter, and for how many days an open appeal of the same
    # enterprise is compared with a new one, if its own limit has passed (domain: 重复件合并).
    "SIMILAR_FROM": env.float("SIMILAR_FROM", 0.5),
    "DUPLICATE_DAYS": env.int("DUPLICATE_DAYS", 30),
    # So many enterprises with one matter in a month make it a 共性问题 (domain §12).
    "COMMON_MATTER_FIRMS": env.int("COMMON_MATTER_FIRMS", 3),
    # Working hours after its dispatch within which a unit may send an appeal back; 0: as long as it has not signed.
    "RETURN_WORKING_HOURS": env.int("RETURN_WORKING_HOURS", 0),
    # An answer comes with a file (办结佐证, domain §1.3), but for appeals of these classes, which words alone settle.
    "EVIDENCE_REQUIRED": env.bool("EVIDENCE_REQUIRED", True),
    "EVIDENCE_FREE_CLASSES": env.list("EVIDENCE_FREE_CLASSES", default=["consult"]),
    # Days for which an appeal may be paused at most, and after which a 挂账 is reviewed at the latest (yearly).
    "PAUSE_MAX_DAYS": env.int("PAUSE_MAX_DAYS", 60),
    "SHELVE_MAX_DAYS": env.int("SHELVE_MAX_DAYS", 366),
    # Days after which an open appeal stands in the list of 长期未结 of a report.
    "LONG_PENDING_DAYS": env.int("LONG_PENDING_DAYS", 30),
    # Lower bound, inclusive, of the capital share that leaders ask for (domain practice: 1000 万元).
    "LARGE_CAPITAL_YUAN": Decimal(env.str("LARGE_CAPITAL_YUAN", "10000000")),
    # Lower bounds, inclusive, of the bands of registered capital, in 万元; what is below the first is a band, too.
    "CAPITAL_BANDS": tuple(
        Decimal(b) for b in env.list("CAPITAL_BANDS", default=["100", "500", "1000", "5000", "10000"])
    ),
    # Rows that one export may hold.
    "EXPORT_MAX_ROWS": env.int("EXPORT_MAX_ROWS", 100_000),
    # Days after which a list that was uploaded and not imported is cleared (manage.py clear_imports).
    "UNFINISHED_IMPORT_DAYS": env.int("UNFINISHED_IMPORT_DAYS", 30),
    # Days after which the same command deletes the file of a list that somebody put aside (作废).
    "DROPPED_IMPORT_DAYS": env.int("DROPPED_IMPORT_DAYS", 7),
    # A folder with simfang.ttf, simhei.ttf, simkai.ttf… to print reports in the official faces.
    "OFFICIAL_FONTS_DIR": env.str("OFFICIAL_FONTS_DIR", ""),
}
