"""Filings: several reports under sealed lists of evidence (docs/evidence-format.md, chapter 10)."""

import csv
import io
import itertools
import re

import container
import letter
from container import sha256

FORMAT, HASH = "FORMAT_FAILURE", "HASH_FAILURE"
FIELD = b"(MandateFilingSeal)"
MOST_ENTRIES = 20_000
MOST_IN_CELL = 131_072
MOST_LINES, MOST_IN_LIST = 22_000, 32 << 20
REPORTS = "2.25.81704052118584555750488151940878558925.3"


def claims(data):
    """[Z-1] Whether a file is to be judged as a filing: by the first entry's whole name."""
    return re.match(rb"PK\x03\x04.{22}\x0c\x00.{2}index\.(?:en|zh)\.csv", data, re.DOTALL) is not None


def judge(it):
    """`it`: the verification, with its `note`, `read`, `trust`, `at`."""
    try:
        entries = container.read_zip(it.data, MOST_ENTRIES)
    except (ValueError, IndexError, OverflowError) as error:
        it.note("Z-1", False, FORMAT, str(error))
        return
    names = list(entries)
    fits = it.note("Z-1", len(it.data) < 1 << 31, FORMAT)
    proper = all(it.proper_name(name) for name in names) and len({name.lower() for name in names}) == len(names)
    fits &= it.note("Z-1", proper, FORMAT, "names")
    languages = [each for each in ("en", "zh") if f"index.{each}.csv" in entries]
    lists = [f"index.{each}.{kind}" for each in languages for kind in ("csv", "pdf")]
    if not fits or not it.note("Z-2", languages != [] and names[: len(lists)] == lists, FORMAT, "lists"):
        return
    files, without = names[len(lists) :], []
    for each in languages:
        judge_paper(it, entries[f"index.{each}.pdf"], entries[f"index.{each}.csv"])
        read = it.read("Z-3", read_list, entries[f"index.{each}.csv"])
        lines, missing = read or (None, None)
        if read is not None:
            without.append(missing)
        if lines is not None and it.note("Z-6", [file for file, _ in lines] == files, FORMAT, "files"):
            for file, named in lines:
                it.note("Z-7", sha256(entries[file]).hex() == named, HASH, file)
    it.note("Z-8", all(each == without[0] for each in without), FORMAT, "letters without a report")


def read_list(data):
    """[Z-3] (file, digest) of each, and the letters without a file; ValueError for any other spelling."""
    if len(data) > MOST_IN_LIST:
        raise ValueError("list: bytes")
    text = data.decode("utf-8")
    if not text.startswith("\ufeff") or not text.endswith("\r\n"):
        raise ValueError("list: mark or end")
    try:
        reader = csv.reader(io.StringIO(text[1:], newline=""), strict=True)
        rows = list(itertools.islice(reader, MOST_LINES + 1))
    except csv.Error as error:
        raise ValueError("list: cells") from error
    if len(rows) > MOST_LINES:
        raise ValueError("list: lines")
    spelt = "".join(",".join(map(quoted, row)) + "\r\n" for row in rows)
    if spelt != text[1:] or any(len(row) != 8 or any(len(cell) > MOST_IN_CELL for cell in row) for row in rows):
        raise ValueError("list: spelling")
    body, found = rows[1:], []
    for number, named, _, _, _, file, pages, digest in itertools.takewhile(lambda row: row[0], body):
        folder, _, name = file.partition("/")
        if number != str(len(found) + 1) or folder != named or not name or "/" in name:
            raise ValueError("list: a file")
        if not re.fullmatch(r"(?:[1-9][0-9]{0,5})?", pages) or not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise ValueError("list: pages or digest")
        found.append((file, digest))
    rest = body[len(found) :]
    if any(row[0] or row[3] or row[5] or row[6] or row[7] for row in rest):
        raise ValueError("list: a line without a file")
    return found, [row[1] for row in rest]


def quoted(cell):
    return '"' + cell.replace('"', '""') + '"' if re.search('[",\r\n]', cell) else cell


def judge_paper(it, paper, beside):
    """[Z-4], [Z-5]: the list on paper, sealed, with its data inside."""
    value = it.read("Z-4", letter.read_update, paper, FIELD)
    update = value and it.read("Z-4", letter.read_signature, value, paper)
    if not update:
        return
    inside = it.read("Z-4", letter.Shown(letter.shown_part(paper), FIELD).terms, b"(index.csv)")
    if it.note("Z-4", inside is not None, FORMAT, "no data inside"):
        it.note("Z-4", inside == beside, HASH)
    cms, covered = update
    it.under("Z-5", lambda: it.judge_seal_over(cms, covered, it.at, ([REPORTS],)))
