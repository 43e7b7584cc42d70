"""Points on the Earth as a sphere, and the PostgreSQL ``cube`` column that finds the nearest of them.

A position is a cube point (x, y, z) in metres. The distance of two such points is the chord, which orders
exactly as the great circle does, so an index scan by chord is exact everywhere, also at poles and date line.
"""

from math import asin, atan2, cos, degrees, hypot, radians, sin, sqrt
from typing import Any

from django.db import models

# IUGG mean radius R1 in metres.
EARTH_RADIUS_M = 6_371_008.8


def on_sphere(latitude: float, longitude: float) -> str:
    """Return the cube literal of a place given in degrees."""
    phi, lam = radians(latitude), radians(longitude)
    x, y, z = cos(phi) * cos(lam), cos(phi) * sin(lam), sin(phi)
    return f"({EARTH_RADIUS_M * x:.3f},{EARTH_RADIUS_M * y:.3f},{EARTH_RADIUS_M * z:.3f})"


def degrees_of(position: str) -> tuple[float, float]:
    """Return latitude and longitude in degrees of a position as ``on_sphere`` writes it."""
    x, y, z = (float(part) for part in position.strip("()").split(","))
    return degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))


def box_around(position: str, reach_m: float) -> tuple[float, float, float, float]:
    """Return south, north, west and east in degrees of a box that holds all within ``reach_m`` of a position.

    For places farther than that from the poles and from the date line. A meridian that touches the circle makes a
    right spherical triangle: sin(reach) = sin(difference of longitude) * cos(latitude), by Napier's rules.
    """
    latitude, longitude = degrees_of(position)
    angle = reach_m / EARTH_RADIUS_M
    wide = degrees(asin(min(1.0, sin(angle) / cos(radians(latitude)))))
    high = degrees(angle)
    return latitude - high, latitude + high, longitude - wide, longitude + wide


def arc_m(chord_m: float) -> float:
    """Return great-circle metres for a chord in metres."""
    return 2 * EARTH_RADIUS_M * asin(min(1.0, chord_m / (2 * EARTH_RADIUS_M)))


def chord_m(arc: float) -> float:
    """Return the chord in metres for great-circle metres."""
    return 2 * EARTH_RADIUS_M * sin(arc / (2 * EARTH_RADIUS_M))


def great_circle_m(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance in metres (haversine formula) of two places given in degrees."""
    phi, other_phi = radians(latitude), radians(other_latitude)
    d_phi, d_lam = other_phi - phi, radians(other_longitude - longitude)
    root = sin(d_phi / 2) ** 2 + cos(phi) * cos(other_phi) * sin(d_lam / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(root))


class CubeField(models.Field):
    """A column of PostgreSQL's ``cube`` type; its Python value is the literal of ``on_sphere``."""

    def db_type(self, connection: Any) -> str:  # the signature is Django's
        """Name the column type."""
        return "cube"
