"""Reads the files of a release's data folder with readers that others wrote, and prints what they found as JSON.

For each table and reader: its cells as lists of five numbers (estimate, standard error, limits, n), or null for a hidden one.
"""

import json
import math
import sys
from pathlib import Path

import openpyxl
import pandas
from frictionless import Package
from pyaxis import pyaxis
from pyjstat import pyjstat


def number(value):
    """A number, or None where there is none."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return None if math.isnan(found) else found


def cells(values):
    """Five numbers to a cell."""
    numbers = [number(value) for value in values]
    fives = [numbers[at : at + 5] for at in range(0, len(numbers), 5)]
    return [None if all(value is None for value in five) else five for five in fives]


def of_package(folder):
    package = Package(str(folder / "datapackage.json"))
    report = package.validate()
    problems = [error.message for task in report.tasks for error in task.errors]
    names = ["estimate", "se", "ci_low", "ci_high", "n"]
    tables = {
        resource.name: cells([row[name] for row in resource.read_rows() for name in names])
        for resource in package.resources
    }
    return problems, tables


def of_json_stat(path):
    frame = pyjstat.Dataset.read(path.read_text(encoding="utf-8")).write("dataframe")
    return cells(frame["value"])


def of_px(path):
    frame = pyaxis.parse(str(path), encoding="utf-8")["DATA"]
    return cells(pandas.to_numeric(frame["DATA"], errors="coerce"))


def of_workbook(path, names):
    book = openpyxl.load_workbook(path)
    sheets = [sheet for sheet in book.worksheets if sheet.title.startswith("Table ")]
    found = {}
    for name, sheet in zip(names, sheets, strict=True):
        rows = sheet.iter_rows(min_row=2, min_col=3, max_col=7, values_only=True)
        found[name] = cells([value for row in rows for value in row])
    return found


def main():
    folder = Path(sys.argv[1])
    problems, package = of_package(folder)
    # The package lists the tables by name, the workbook in the order that the caller gives.
    ordered = sys.argv[2].split(",")
    json.dump(
        {
            "problems": problems,
            "frictionless": package,
            "pyjstat": {name: of_json_stat(folder / f"{name}.json") for name in ordered},
            "pyaxis": {name: of_px(folder / f"{name}.px") for name in ordered},
            "openpyxl": of_workbook(folder / "tables.xlsx", ordered),
        },
        sys.stdout,
    )


main()
