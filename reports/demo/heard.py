"""What the demo's visits heard: answers to the common questions, red flags, suggestions. With a chance of its own, so
that the figures of the rest stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from parks.models import Enterprise
from reports.demo.people import Place
from reports.demo.words import ATTENDEES, HANDLED, REPLIES, SUGGESTIONS
from visits.actions import NewSuggestion, Part, handle_flag, reply_suggestion
from visits.actions.suggestions import create_suggestion
from visits.choices import AnswerType, VisitKind
from visits.models import Answer, Question, Suggestion, Visit, WarningFlag

# domain: 建议 70 条 in 2023.
SUGGESTIONS_2023 = 70
# Of ten visits, on how many the questions were asked; of ten answers, how many foretell something.
ASKED, TELLING = 5, 1
HANDLED_AFTER = timedelta(days=45)


class Listener:
    """Asks the common questions on some visits; the usual answer is the first choice."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)  # noqa: S311  (fiction)
        self.questions = list(Question.objects.filter(organisation=None))

    def parts(self, kind: VisitKind, guests: Sequence[Enterprise], start: datetime) -> dict[int, Part]:
        asked = [question for question in self.questions if question.kind == kind]
        return {
            guest.pk: Part(
                attendees=self.rng.choice(ATTENDEES),
                answers=tuple((question, self.answer(question, start)) for question in asked),
            )
            for guest in guests
            if self.rng.randrange(10) < ASKED
        }

    def answer(self, question: Question, start: datetime) -> Answer:
        is_telling = self.rng.randrange(10) < TELLING
        if question.answer_type == AnswerType.DATE:
            return start.date() + timedelta(days=self.rng.randrange(60, 170) if is_telling else 700)
        if question.answer_type == AnswerType.YES_NO:
            return is_telling
        options = question.options
        return self.rng.choice(options[1:]) if is_telling else options[0]

    def suggest(self, visits: Sequence[Visit], number: int, place: Place) -> None:
        for visit in sorted(self.rng.sample(list(visits), number), key=lambda one: one.started_at):
            category, content = self.rng.choice(SUGGESTIONS)
            new = NewSuggestion(content=content, category=category, enterprise=visit.enterprises.first())
            create_suggestion(new, visit=visit, actor=visit.created_by, at=visit.started_at)
        for row in Suggestion.objects.filter(organisation=place.office).pending():
            if self.rng.randrange(10) < 8:
                status = self.rng.choice(("adopted", "adopted", "declined"))
                at = row.created_at + timedelta(days=9)
                reply_suggestion(row, actor=place.users["manager"], status=status, reply=REPLIES[status], at=at)

    def handle_old_flags(self, place: Place, now: datetime) -> None:
        """What was found long ago has been seen to."""
        for flag in WarningFlag.objects.open().filter(confirmed_at__lt=now - HANDLED_AFTER):
            at = flag.confirmed_at + timedelta(days=12)
            handle_flag(flag, actor=place.users["manager"], note=HANDLED[flag.kind], at=at)
