"""Countries with their rules, and postal codes with names and coordinates. Public schema.

Place data: GeoNames (https://www.geonames.org), CC BY 4.0. Main read: find_place. Main verb: import_postal_codes.
"""
