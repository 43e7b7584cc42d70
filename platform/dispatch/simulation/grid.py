"""Who lives near a point: people in cubes of 25 km, so a search looks at the few cubes around it."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from math import dist, floor

CUBE_M = 25_000
Point = tuple[float, float, float]


class Grid:
    """An index of points in space, in metres from the middle of the Earth."""

    def __init__(self, points: Iterable[Point]) -> None:
        self._points = list(points)
        self._cubes: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for place, point in enumerate(self._points):
            self._cubes[_cube(point)].append(place)

    def within(self, point: Point, chord_m: float) -> list[tuple[float, int]]:
        """Return (straight distance in metres, place of the point) of all within a distance, nearest first."""
        low = _cube((point[0] - chord_m, point[1] - chord_m, point[2] - chord_m))
        high = _cube((point[0] + chord_m, point[1] + chord_m, point[2] + chord_m))
        around = product(*(range(first, last + 1) for first, last in zip(low, high, strict=True)))
        found = [
            (distance, place)
            for cube in around
            for place in self._cubes.get(cube, ())
            if (distance := dist(point, self._points[place])) <= chord_m
        ]
        return sorted(found)


def point_of(literal: str) -> Point:
    """Return the point of a position as ``kernel.geo.on_sphere`` writes it."""
    x, y, z = (float(part) for part in literal.strip("()").split(","))
    return x, y, z


def _cube(point: Point) -> tuple[int, ...]:
    return tuple(floor(part / CUBE_M) for part in point)
