"""How long the way takes, estimated from the straight distance by a rule of thumb (R11).

No map is asked. Roads are about a third longer than the crow flies: 1.34 times on the average of 300 European cities
(Environment and Planning B, doi 10.1177/23998083231168870), 1.3 times on motorway networks (arXiv 2406.06490). What is
left is a speed from door to door for each way of going, and the minutes that it takes before and after, whatever the
distance: to unlock a bicycle, to find a place for a car, to walk to the stop and wait. Longer ways are faster: past the
first kilometres cars leave the town, and trains take over from trams. The figures are round on purpose; an estimate
that is wrong by a third still tells ten minutes from an hour, and so it is always called an estimate.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

DETOUR = 1.34
# Nobody's home is told more exactly than a kilometre.
SHORTEST_M = METRES_A_KM = 1_000
ROUNDED_TO_MIN = 5


class Mode(models.TextChoices):
    """How somebody goes to a customer."""

    FOOT = "foot", pgettext_lazy("friend", "on foot")
    BICYCLE = "bicycle", pgettext_lazy("friend", "by bicycle")
    TRANSIT = "transit", pgettext_lazy("friend", "by public transport")
    CAR = "car", pgettext_lazy("friend", "by car")


@dataclass(frozen=True)
class Pace:
    """Minutes before and after the ride, km/h in the first kilometres of road, how many those are, km/h beyond them."""

    extra_min: float
    near_kmh: float
    near_km: float
    far_kmh: float


PACES = {
    Mode.FOOT: Pace(extra_min=0, near_kmh=4.8, near_km=0, far_kmh=4.8),
    Mode.BICYCLE: Pace(extra_min=2, near_kmh=15, near_km=0, far_kmh=15),
    Mode.TRANSIT: Pace(extra_min=10, near_kmh=20, near_km=10, far_kmh=45),
    Mode.CAR: Pace(extra_min=5, near_kmh=25, near_km=5, far_kmh=60),
}


def travel_minutes(distance_m: float, mode: Mode) -> int:
    """Estimate the minutes from door to door over a straight distance in metres, in steps of five minutes."""
    pace = PACES[mode]
    road_km = max(distance_m, SHORTEST_M) * DETOUR / METRES_A_KM
    near_km = min(road_km, pace.near_km)
    minutes = pace.extra_min + 60 * (near_km / pace.near_kmh + (road_km - near_km) / pace.far_kmh)
    return max(ROUNDED_TO_MIN, ROUNDED_TO_MIN * round(minutes / ROUNDED_TO_MIN))


def write_distance(distance_m: float) -> str:
    """Write a distance in kilometres with one decimal; people's homes are not told more exactly."""
    if distance_m < SHORTEST_M:
        return _("under 1 km")
    return _("%(km)s km") % {"km": number_format(distance_m / METRES_A_KM, 1)}


def write_travel(distance_m: float, mode: str) -> str:
    """Write the estimated way in the language of the moment: about 25 min by bicycle."""
    hours, minutes = divmod(travel_minutes(distance_m, Mode(mode)), 60)
    parts = ([f"{hours}\N{NO-BREAK SPACE}h"] if hours else []) + (
        [f"{minutes}\N{NO-BREAK SPACE}min"] if minutes else []
    )
    time = "\N{NO-BREAK SPACE}".join(parts)
    return pgettext("friend", "about %(time)s %(mode)s") % {"time": time, "mode": Mode(mode).label}
