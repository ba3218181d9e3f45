"""What lists tell of each enterprise of a visit: absent, who came, what was said, answers; and suggestions.

Cells are read as visits.import_writing writes them: an enterprise a line, “企业：内容”; of a visit to one enterprise
its name may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from crm.imports.cells import CellError, parse_date
from crm.imports.columns import Reading
from crm.models import Organisation
from parks.names import normalise_name
from parks.resources.firms import Firm
from visits.choices import AnswerType
from visits.models import Answer, Question

# By column what a cell says: enterprise → text, enterprise → {question: answer}, a list of enterprises or suggestions.
Told: TypeAlias = Any
LONGEST = {"attendees": 300, "notes": 2000, "suggestions": 2000}
_BETWEEN_NAMES, _COLON = re.compile(r"[、;；\n|]+|[,，]"), re.compile("[：:]")
_STEP = Decimal("0.0001")
_YES_NO = {"是": True, "有": True, "否": False, "无": False, "没有": False}


class PartReader:
    """Reads the cells of one list; holds the questions that the institution has or had."""

    def __init__(self, organisation: Organisation) -> None:
        institution = int(organisation.institution_path.strip("/").split("/")[-1])
        rows = Question.objects.asked_by(institution).order_by("valid_from", "pk")
        # Of several versions with the same words the newest.
        self._questions = {(row.kind, row.asked): row for row in rows}
        self.by_key = {row.pk: row for row in self._questions.values()}

    def read(self, column: str, text: str, firms: Sequence[Firm], kind: str, reading: Reading) -> Told:
        if column == "absent":
            return _names(text, firms, reading)
        if column == "suggestions":
            return [[pk, _short(column, words[0])] for line in text.splitlines() for pk, words in _by_firm(line, firms)]
        parts = _by_firm(text, firms)
        if column == "answers":
            return {str(pk): self._answers("\n".join(lines), kind, reading) for pk, lines in _owned(parts, reading)}
        return {str(pk): _short(column, "\n".join(lines)) for pk, lines in _owned(parts, reading)}

    def _answers(self, text: str, kind: str, reading: Reading) -> dict[str, str]:
        """Question → the answer in words; an answer may hold a semicolon itself."""
        found: dict[str, str] = {}
        last = ""
        for piece in re.split("[；;\n]", text):
            question, said = self._asked(piece.strip(), kind)
            if question is not None:
                last = str(question.pk)
                found[last] = said
            elif last and piece.strip():
                found[last] += f"；{piece.strip()}"
            elif piece.strip():
                reading.warn(f"问卷中没有“{piece.strip()[:30]}”这个问题，答案未导入")
        return {pk: said for pk, said in found.items() if self._is_understood(pk, said, reading)}

    def _asked(self, piece: str, kind: str) -> tuple[Question | None, str]:
        """A question may hold a colon itself, so that of all its words the longest that fit count."""
        for colon in reversed(list(_COLON.finditer(piece))):
            question = self._questions.get((kind, piece[: colon.start()].strip().rstrip("？?")))
            if question is not None:
                return question, piece[colon.end() :].strip()
        return None, piece

    def _is_understood(self, pk: str, said: str, reading: Reading) -> bool:
        question = self.by_key[int(pk)]
        if said and answer_in(question, said) is None:
            reading.warn(f"“{question.asked}”的答案“{said[:30]}”看不懂，未导入")
            return False
        return bool(said)


def answer_in(question: Question, said: str) -> Answer:
    """The answer of the type that the question wants; None for words that are none."""
    if question.answer_type == AnswerType.YES_NO:
        return _YES_NO.get(said)
    if question.answer_type == AnswerType.CHOICE:
        return said if said in question.options else None
    if question.answer_type == AnswerType.NUMBER:
        return _number(said)
    if question.answer_type == AnswerType.DATE:
        return _day(said)
    return said[:1000]


def _number(said: str) -> Decimal | None:
    try:
        number = Decimal(said.replace(",", ""))
        return number.quantize(_STEP) if number.is_finite() and abs(number) < 10**14 else None
    except InvalidOperation:
        return None


def _day(said: str) -> date | None:
    try:
        return parse_date(said)[0]
    except CellError:
        return None


def _partition(text: str) -> tuple[str, str, str]:
    found = _COLON.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _by_firm(text: str, firms: Sequence[Firm]) -> list[tuple[int | None, list[str]]]:
    """The lines of each enterprise in order; those before the first name are nobody's, or the only enterprise's."""
    parts: list[tuple[int | None, list[str]]] = []
    left = list(firms)
    for line in text.splitlines():
        firm, rest = _named(line, left)
        if firm is not None:
            # Two of one name are told apart by their order.
            left.remove(firm)
            left.append(firm)
            parts.append((firm.pk, [rest]))
        elif parts:
            parts[-1][1].append(line)
        elif line.strip():
            parts.append((firms[0].pk if len(firms) == 1 else None, [line]))
    return parts


def _named(line: str, firms: Iterable[Firm]) -> tuple[Firm | None, str]:
    for firm in firms:
        for colon in "：:":
            if line.startswith(firm.name + colon):
                return firm, line[len(firm.name) + 1 :]
    head, colon, rest = _partition(line)
    key = normalise_name(head)
    return next(((firm, rest) for firm in firms if colon and normalise_name(firm.name) == key), (None, line))


def _owned(parts: Iterable[tuple[int | None, list[str]]], reading: Reading) -> Iterable[tuple[int, list[str]]]:
    for pk, lines in parts:
        if pk is None:
            reading.warn(f"“{lines[0].strip()[:30]}”没有写是哪家企业的，未导入")
        else:
            yield pk, lines


def _names(text: str, firms: Sequence[Firm], reading: Reading) -> list[int]:
    keys = {normalise_name(firm.name): firm.pk for firm in firms}
    if (whole := normalise_name(text)) in keys:
        return [keys[whole]]
    names = [name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip()]
    for name in names:
        if normalise_name(name) not in keys:
            reading.warn(f"缺席的“{name[:30]}”不在这次走访的企业中，未导入")
    return sorted({keys[key] for name in names if (key := normalise_name(name)) in keys})


def _short(column: str, text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST[column]:
        raise CellError(f"一家企业的内容超过 {LONGEST[column]} 个字", column=column)
    return text


def merged(told: Mapping[str, Told], pk: int, questions: Mapping[int, Question]) -> dict[str, Any]:
    """What is told of one enterprise, as fields of its pair and, under ``answers``, its answers."""
    said: dict[str, Any] = {}
    if "absent" in told:
        said["has_attended"] = pk not in told["absent"]
    for column, name in (("attendees", "attendees"), ("notes", "note")):
        if (text := told.get(column, {}).get(str(pk))) is not None:
            said[name] = text
    answers = told.get("answers", {}).get(str(pk), {})
    said["answers"] = [(questions[int(key)], answer_in(questions[int(key)], words)) for key, words in answers.items()]
    return said
