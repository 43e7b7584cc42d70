"""The loop: one event after the other, from the first order to the end of the last search."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from uuid import UUID

from crowd.eligibility import Facts, Wanted, reasons_against
from dispatch.offering.plan import StepKind
from dispatch.offering.seats import NEWCOMERS_LOOKED_AT, Verdict, give_seats
from dispatch.simulation.behaviour import answer
from dispatch.simulation.grid import Grid, Point, point_of
from dispatch.simulation.people import Demand, Person
from dispatch.terms import WIDER_TIMES, Hours, Terms
from kernel.geo import chord_m
from tenants.models import LastResort

Act = Callable[[datetime], None]
ALL_DAY = Hours()


@dataclass
class Life:
    """What becomes of a friend in the month."""

    person: Person
    open_jobs: int
    waiting_since: datetime
    is_newcomer: bool
    offers: int = 0
    jobs: int = 0
    first_offer_at: datetime | None = None


@dataclass
class Search:
    """What becomes of an order. ``kind`` tells in whose wave it was taken, None where nobody took it."""

    demand: Demand
    number: int
    asked: set[UUID] = field(default_factory=set)
    had: Counter[StepKind] = field(default_factory=Counter)
    wave: int = 0
    offers: int = 0
    waits_for: int = 0
    is_over: bool = False
    has_looked_wider: bool = False
    kind: StepKind | None = None
    accepted_at: datetime | None = None
    distance_m: int = 0


@dataclass(frozen=True)
class Month:
    """What became of everybody."""

    searches: list[Search]
    lives: list[Life]
    ended_at: datetime


def play(
    crowd: Sequence[Person],
    demand: Sequence[Demand],
    terms: Terms,
    *,
    seed: int,
    hours: Hours | None = ALL_DAY,
    watch: Act = lambda _now: None,
) -> Month:
    """Let all orders come and be searched for by the terms, and return what became of them and of the friends.

    Contracts let orders pass to the shared crowd within ``hours``, or with None not at all. ``watch`` is told the
    moment of each event, in their order.
    """
    world = _World(crowd, terms, hours, seed)
    searches = [Search(order, number) for number, order in enumerate(demand)]
    for search in searches:
        world.later(search.demand.at, partial(world.open_wave, search))
    ended_at = world.run(watch)
    return Month(searches, world.lives, ended_at)


class _World:
    """Everybody's state, and the events to come."""

    def __init__(self, crowd: Sequence[Person], terms: Terms, hours: Hours | None, seed: int) -> None:
        self.lives = [
            Life(person, person.facts.open_jobs, person.facts.waiting_since, person.facts.is_newcomer)
            for person in crowd
        ]
        self._terms, self._hours, self._seed = terms, hours, seed
        self._grid = Grid(point_of(person.position) for person in crowd)
        self._places = {person.facts.friend_id: place for place, person in enumerate(crowd)}
        self._events: list[tuple[datetime, int, Act]] = []
        self._serial = count()

    def later(self, at: datetime, act: Act) -> None:
        """Let something happen at a moment; of two at one moment the one that was said first."""
        heapq.heappush(self._events, (at, next(self._serial), act))

    def run(self, watch: Act) -> datetime:
        """Let everything happen and return when the last thing did."""
        now = datetime.min.replace(tzinfo=UTC)
        while self._events:
            now, _serial, act = heapq.heappop(self._events)
            act(now)
            watch(now)
        return now

    def open_wave(self, search: Search, now: datetime) -> None:
        """Do what ``dispatch.offering.waves.open_next_wave`` does: ask the next friends, or end the search."""
        zone, terms = search.demand.time_zone, self._terms
        opens_at = terms.opens_at(now, zone)
        if opens_at > now:
            self.later(opens_at, partial(self.open_wave, search))
            return
        for kind in self._left(search):
            passes_at = self._passes_at(kind, now, zone)
            if passes_at is not None and passes_at > now:
                self.later(passes_at, partial(self.open_wave, search))
                return
            search.had[kind] += 1
            seated = [] if passes_at is None else self._look(search, kind, now)
            if seated:
                self._ask(search, kind, seated, now)
                return
        if terms.last_resort == LastResort.WIDER and not search.has_looked_wider:
            search.has_looked_wider = True
            open_now = [kind for kind in self._communities() if self._passes_at(kind, now, zone) == now]
            for kind in open_now:
                if seated := self._look(search, kind, now, wider=WIDER_TIMES):
                    self._ask(search, StepKind.WIDER, seated, now)
                    return
        search.is_over = True

    def _passes_at(self, kind: StepKind, now: datetime, zone: str) -> datetime | None:
        if kind == StepKind.OWN or self._hours is None:
            return now
        return self._terms.passes_at(self._hours, now, zone)

    def _communities(self) -> Iterator[StepKind]:
        if self._terms.own_waves:
            yield StepKind.OWN
        if self._terms.overflows and self._terms.crowd_waves and self._hours:
            yield StepKind.CROWD

    def _left(self, search: Search) -> list[StepKind]:
        waves = {StepKind.OWN: self._terms.own_waves, StepKind.CROWD: self._terms.crowd_waves}
        return [kind for kind in self._communities() if search.had[kind] < waves[kind]]

    def _look(self, search: Search, kind: StepKind, now: datetime, *, wider: int = 1) -> list[Verdict]:
        wanted = search.demand.wanted
        windows = tuple(window for window in wanted.windows if window[0] >= now.date())
        wanted = replace(wanted, reach_m=wanted.reach_m * wider, windows=windows)
        considered = self._consider(search, wanted, kind, now)
        return [one for one in give_seats(considered, wanted=wanted, rule=self._terms.rule, now=now) if one.seat]

    def _consider(self, search: Search, wanted: Wanted, kind: StepKind, now: datetime) -> list[Facts]:
        """Return the facts of the nearest until the rule of seats has enough, as ``considered_candidates`` does."""
        here: Point = point_of(wanted.position)
        seats, newcomers = self._terms.wave_size, NEWCOMERS_LOOKED_AT if self._terms.newcomer_seat else 0
        considered: list[Facts] = []
        last_chord = -1.0
        for chord, place in self._grid.within(here, chord_m(wanted.reach_m)):
            life = self.lives[place]
            # Whoever lives as far away as the last one of the nearest may have waited longer.
            is_near = seats > 0 or chord == last_chord
            if not is_near and newcomers <= 0:
                break
            if not (is_near or life.is_newcomer) or not _is_asked_in(life.person, kind, now):
                continue
            facts = life.person.facts.but(
                chord_m=chord,
                open_jobs=life.open_jobs,
                waiting_since=life.waiting_since,
                is_newcomer=life.is_newcomer,
                was_asked=life.person.facts.friend_id in search.asked,
            )
            if not reasons_against(facts, wanted, now=now):
                considered.append(facts)
                last_chord = chord if seats > 0 else last_chord
                seats -= 1
                newcomers -= life.is_newcomer
        return considered

    def _ask(self, search: Search, kind: StepKind, seated: list[Verdict], now: datetime) -> None:
        zone = search.demand.time_zone
        ends_at = self._terms.wave_ends_at(now, zone)
        search.wave += 1
        search.offers += len(seated)
        search.waits_for = len(seated)
        wave = search.wave
        for verdict in seated:
            place = self._places[verdict.facts.friend_id]
            life, distance = self.lives[place], verdict.facts.distance_m
            search.asked.add(verdict.facts.friend_id)
            life.offers += 1
            life.waiting_since = now
            life.first_offer_at = life.first_offer_at or now
            said = answer(
                seed=self._seed,
                order=search.number,
                person=place,
                eagerness=life.person.eagerness,
                distance_m=distance,
                asked_at=now,
                time_zone=zone,
            )
            if said.at is not None and said.at < ends_at:
                offer = _Offer(search, wave, kind, life, distance, said.done_after)
                self.later(said.at, partial(self._accept if said.says_yes else self._decline, offer))
        self.later(ends_at, partial(self._end_wave, search, wave))

    def _accept(self, offer: "_Offer", now: datetime) -> None:
        """Take the job if it is still free and the friend may have one more."""
        search, life = offer.search, offer.life
        if search.is_over or search.wave != offer.wave:
            return
        if life.open_jobs >= life.person.facts.max_open_jobs:
            self._decline(offer, now)
            return
        search.is_over, search.kind, search.accepted_at, search.distance_m = True, offer.kind, now, offer.distance_m
        life.open_jobs += 1
        life.jobs += 1
        life.is_newcomer = False
        self.later(now + offer.done_after, partial(_finish, life))

    def _decline(self, offer: "_Offer", now: datetime) -> None:
        """Say no; when all have, the next wave begins at once."""
        search = offer.search
        if search.is_over or search.wave != offer.wave:
            return
        search.waits_for -= 1
        if not search.waits_for:
            self._end_wave(search, offer.wave, now)

    def _end_wave(self, search: Search, wave: int, now: datetime) -> None:
        if not search.is_over and search.wave == wave:
            self.open_wave(search, now)


def _is_asked_in(person: Person, kind: StepKind, now: datetime) -> bool:
    return person.joined_at <= now and (person.is_own if kind == StepKind.OWN else person.in_crowd)


def _finish(life: Life, now: datetime) -> None:
    life.open_jobs -= 1


@dataclass(frozen=True)
class _Offer:
    search: Search
    wave: int
    kind: StepKind
    life: Life
    distance_m: int
    done_after: timedelta
