"""Reads the files of a release's data folder with readers that others wrote, and prints what they found as JSON.

For each table and reader: its cells as lists of five numbers (estimate, standard error, limits, n), or null for a hidden one. What describes
other files is compared with the folder: everything it names is there, with the size that it says.
"""

import csv
import json
import math
import shutil
import subprocess
import sys
import tempfile
import warnings
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import fastparquet
import openpyxl
import pandas
import rdflib
import sdmx
from csvw import CSVW
from frictionless import Package
from pyaxis import pyaxis
from pyjstat import pyjstat
from rocrate.rocrate import ROCrate
from sdmx.model import common, v30

NAMES = ["estimate", "se", "ci_low", "ci_high", "n"]


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


def by_table(rows):
    """Cells by table, from pairs of a table and its five values."""
    found = {}
    for table, values in rows:
        found.setdefault(table, []).extend(cells(values))
    return found


def of_package(folder):
    package = Package(str(folder / "datapackage.json"))
    report = package.validate()
    problems = [error.message for task in report.tasks for error in task.errors]
    tables = {
        resource.name: cells([row[name] for row in resource.read_rows() for name in NAMES])
        for resource in package.resources
    }
    return problems, tables


def of_csvw(folder):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        group = CSVW(str(folder / "csv-metadata.json"), validate=True)
        valid = group.is_valid
        problems = [] if valid else [f"csvw: {warning.message}" for warning in caught] + ["csvw: not valid"]
    rows = [
        (row["table"], [row[name] for name in NAMES])
        for table in group.tables
        if str(table.url).endswith("tables.tidy.csv")
        for row in table.iterdicts(strict=True)
    ]
    waves = [table for table in group.tables if str(table.url).endswith("waves.csv")]
    of_waves = [[row[name] for name in NAMES] for table in waves for row in table.iterdicts(strict=True)]
    return problems, by_table(rows) | {"waves": [cell for row in of_waves for cell in cells(row)]}


def of_parquet(folder):
    file = fastparquet.ParquetFile(str(folder / "tables.parquet"))
    problems = [] if file.created_by in ("barometer", b"barometer") else [f"parquet: created by {file.created_by}"]
    frame = file.to_pandas()
    return problems, by_table(zip(frame["table"], frame[NAMES].itertuples(index=False)))


def of_sdmx(folder):
    """Observations, with a structure of the columns that the file has."""
    path = folder / "tables.sdmx.csv"
    header = path.read_text(encoding="utf-8").split("\n", 1)[0].strip().split(",")
    first, value = header.index("TABLE"), header.index("OBS_VALUE")
    structure = v30.DataStructureDefinition(id="TABLES")
    for name in header[first:value]:
        structure.dimensions.append(common.Dimension(id=name))
    structure.measures.append(v30.Measure(id="OBS_VALUE"))
    for name in header[value + 1 :]:
        structure.attributes.append(common.DataAttribute(id=name))
    message = sdmx.read_sdmx(path, structure=structure)
    rows = []
    for observation in message.data[0].obs:
        attribute = lambda name: str(observation.attached_attribute[name].value)
        values = [observation.value, attribute("SE"), attribute("CI_LOW"), attribute("CI_HIGH"), attribute("N")]
        rows.append((str(observation.dimension["TABLE"].value), values))
    return by_table(rows)


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


def of_ods(path, names):
    sheets = pandas.read_excel(path, sheet_name=None, engine="odf")
    # This reader takes blanks between the elements of a cell for text, which OpenDocument does not.
    tables = [sheet.rename(columns=str.strip) for title, sheet in sheets.items() if title.startswith("Table ")]
    return {
        name: cells([value for row in sheet[NAMES].itertuples(index=False) for value in row])
        for name, sheet in zip(names, tables, strict=True)
    }


def of_office(path, names):
    """What LibreOffice makes of every sheet, by its own export as CSV: numbers as they are kept, in UTF-8."""
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    with tempfile.TemporaryDirectory() as place:
        # A profile of its own, so that it runs beside an office that is open.
        profile = f"-env:UserInstallation={(Path(place) / 'profile').as_uri()}"
        command = ["soffice", "--headless", profile, "--convert-to", every_sheet, "--outdir", place, str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        sheets = {sheet.stem.rsplit(" ", 1)[1]: sheet for sheet in Path(place).glob(f"{path.stem}-Table *.csv")}
        found = {}
        for index, name in enumerate(names, start=1):
            with sheets[str(index)].open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))[1:]
            found[name] = cells([value for row in rows for value in row[2:7]])
    return found


def of_catalogue(folder):
    """Every distribution is a file of the folder, of the size that it says."""
    graph = rdflib.Graph().parse(folder / "catalogue.dcat.jsonld", format="json-ld", publicID=folder.as_uri() + "/")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    problems = []
    sizes = list(graph.subject_objects(dcat.byteSize))
    if len(sizes) < 10:
        problems.append(f"dcat: only {len(sizes)} distributions")
    for distribution, size in sizes:
        path = folder / str(distribution).rsplit("/", 1)[1]
        if not path.is_file() or path.stat().st_size != int(size):
            problems.append(f"dcat: {path.name}")
    return problems


def of_crate(folder):
    """Every file of the crate is in the folder, of the size that it says."""
    crate = ROCrate(str(folder))
    files = [entity for entity in crate.data_entities if entity.type == "File"]
    problems = [] if len(files) > 10 else [f"ro-crate: only {len(files)} files"]
    for entity in files:
        path = folder / entity.id
        if not path.is_file() or path.stat().st_size != int(entity["contentSize"]):
            problems.append(f"ro-crate: {entity.id}")
    return problems


def of_ddi(folder):
    """Its structure, for lack of a package that carries the schema: variables with labels, no frequencies."""
    space = "{ddi:codebook:2_5}"
    root = ElementTree.parse(folder / "codebook.ddi.xml").getroot()
    variables = root.findall(f"{space}dataDscr/{space}var")
    problems = [] if root.tag == f"{space}codeBook" and variables else ["ddi: no variables"]
    problems += [f"ddi: {it.get('name')} has no label" for it in variables if it.find(f"{space}labl") is None]
    if list(root.iter(f"{space}catStat")) or list(root.iter(f"{space}sumStat")):
        problems.append("ddi: it tells frequencies")
    return problems


def of_descriptions(folder):
    """What every description of the release says of the file of several waves and of the licence."""
    place = folder.as_uri() + "/"
    graph = rdflib.Graph().parse(folder / "catalogue.dcat.jsonld", format="json-ld", publicID=place)
    dcterms = rdflib.Namespace("http://purl.org/dc/terms/")
    root = ElementTree.parse(folder / "codebook.ddi.xml").getroot()
    space = "{ddi:codebook:2_5}"
    crate = ROCrate(str(folder))
    package = Package(str(folder / "datapackage.json"))
    csvw = json.loads((folder / "csv-metadata.json").read_text(encoding="utf-8"))
    columns = [resource.schema.field_names for resource in package.resources if resource.name == "waves"]
    columns += [
        [column["name"] for column in table["tableSchema"]["columns"]]
        for table in csvw["tables"]
        if table["url"] == "waves.csv"
    ]
    listed = {
        "dcat": any(str(it).endswith("/waves.csv") for it in graph.subjects(rdflib.RDF.type, None)),
        "ro-crate": crate.get("waves.csv") is not None,
        "ddi": any(it.get("URI") == "waves.csv" for it in root.iter(f"{space}otherMat")),
    }
    licences = {
        "frictionless": [licence["path"] for licence in package.to_dict().get("licenses", [])],
        "csvw": [csvw[key]["@id"] for key in ("dc:license",) if key in csvw],
        "dcat": sorted({str(it) for it in graph.objects(None, dcterms.license)}),
        "ro-crate": [str(getattr(it, "id", it)) for it in [crate.root_dataset.get("license")] if it],
        "ddi": [it.text for it in root.iter(f"{space}conditions")],
    }
    return {"columns": columns, "listed": listed, "licences": licences}


def main():
    folder = Path(sys.argv[1]).resolve()
    problems, package = of_package(folder)
    csvw_problems, csvw = of_csvw(folder)
    parquet_problems, parquet = of_parquet(folder)
    problems += csvw_problems + parquet_problems + of_catalogue(folder) + of_crate(folder) + of_ddi(folder)
    # The package lists the tables by name, the workbook in the order that the caller gives.
    ordered = sys.argv[2].split(",")
    has_office = shutil.which("soffice") is not None
    office = {name: of_office(folder / name, ordered) for name in ("tables.xlsx", "tables.ods") if has_office}
    json.dump(
        {
            "office": office,
            "descriptions": of_descriptions(folder),
            "problems": problems,
            "frictionless": package,
            "csvw": csvw,
            "fastparquet": parquet,
            "sdmx": of_sdmx(folder),
            "pyjstat": {name: of_json_stat(folder / f"{name}.json") for name in ordered},
            "pyaxis": {name: of_px(folder / f"{name}.px") for name in ordered},
            "openpyxl": of_workbook(folder / "tables.xlsx", ordered),
            "odfpy": of_ods(folder / "tables.ods", ordered),
        },
        sys.stdout,
    )


main()
