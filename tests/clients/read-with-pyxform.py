"""Reads an XLSForm workbook with pyxform and prints what it understood: one JSON object per form."""

import json
import sys
import warnings

warnings.simplefilter("ignore")
from pyxform.xls2xform import convert  # noqa: E402


def questions(node):
    """Every question with its bindings, as the sheet wrote them."""
    for child in node.get("children", []):
        kind = child.get("type")
        if child.get("name") == "meta":
            continue
        if kind in ("group", "repeat"):
            yield {"name": child["name"], "kind": kind, **bindings(child)}
            yield from questions(child)
        else:
            yield {"name": child["name"], "kind": "question", "type": kind, **bindings(child)}


def bindings(child):
    bind = child.get("bind", {})
    return {key: bind.get(key) for key in ("relevant", "constraint", "required", "calculate") if bind.get(key)}


for path in sys.argv[1:]:
    try:
        result = convert(xlsform=path, validate=False, enketo=False)
        print(json.dumps({"path": path, "warnings": result.warnings, "questions": list(questions(result._pyxform))}))
    except Exception as error:  # noqa: BLE001 -- whatever pyxform refuses is the finding
        print(json.dumps({"path": path, "error": str(error)}))
