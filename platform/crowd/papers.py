"""The paper of an online test: drawing questions, shuffling choices, reading answers and scoring. No database."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, Protocol, TypedDict

from kernel.wording.texts import Texts

FEWEST_CHOICES, MOST_CHOICES = 2, 6


class Choice(TypedDict):
    """A possible answer."""

    text: Texts
    is_right: bool


class Question(TypedDict):
    """A question as it stands on a paper, in all languages."""

    question: NotRequired[int]
    text: Texts
    choices: list[Choice]
    explanation: Texts


class Pooled(Protocol):
    """A question of a pool."""

    pk: int
    text: Texts
    choices: list[Choice]
    explanation: Texts


# What a friend has ticked: the places of choices by the place of the question; JSON has texts as keys.
Answers = dict[str, list[int]]


@dataclass(frozen=True)
class Score:
    """Which questions of a paper were answered rightly, in the order of the paper."""

    right: tuple[bool, ...]

    @property
    def right_count(self) -> int:
        """How many were right."""
        return sum(self.right)

    def passes(self, percent: int) -> bool:
        """Say whether at least so many percent were right; a paper without questions is never passed."""
        return bool(self.right) and self.right_count * 100 >= percent * len(self.right)


def draw_paper(pool: Sequence[Pooled], *, draws: int, chance: random.Random) -> list[Question]:
    """Draw so many questions, or all where the pool is smaller, in any order and with their choices in any order."""
    drawn = chance.sample(pool, min(draws, len(pool)))
    return [
        {
            "question": question.pk,
            "text": question.text,
            "choices": chance.sample(question.choices, len(question.choices)),
            "explanation": question.explanation,
        }
        for question in drawn
    ]


def read_answers(paper: Sequence[Question], ticked: Mapping[int, Iterable[Any]]) -> Answers:
    """Return the ticked places of each question, without what is on no paper."""
    found: Answers = {}
    for place, question in enumerate(paper):
        places = {int(text) for text in ticked.get(place, ()) if str(text).isascii() and str(text).isdigit()}
        known = sorted(one for one in places if one < len(question["choices"]))
        if known:
            found[str(place)] = known
    return found


def unanswered(paper: Sequence[Question], answers: Answers) -> list[int]:
    """Return the places of the questions where nothing is ticked."""
    return [place for place in range(len(paper)) if not answers.get(str(place))]


def score(paper: Sequence[Question], answers: Answers) -> Score:
    """Count a question as right where all right choices are ticked, and none else."""
    return Score(
        tuple(right_places(question) == set(answers.get(str(place), ())) for place, question in enumerate(paper))
    )


def right_places(question: Question) -> set[int]:
    """Return the places of the right choices."""
    return {place for place, choice in enumerate(question["choices"]) if choice["is_right"]}
