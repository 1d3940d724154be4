"""The archived letter: validation material and document timestamps behind the signed one ([A-4])."""

import hashlib

from letter import Revision, Shown, is_reference, number_of, read_contents, read_object, shown_part

MATERIAL = {b"/Type", b"/Certs", b"/OCSPs", b"/CRLs", b"/VRI"}


class Chain:
    """All revisions so far; an object is what the newest of them says."""

    def __init__(self, revisions):
        self.revisions = revisions

    def object(self, number):
        return next(each for each in reversed(self.revisions) if number in each.offsets).object(number)

    @property
    def last(self):
        return self.revisions[-1]


def read_archive(signed, archived):
    """(token, covered bytes) of each document timestamp, oldest first; ValueError for anything else appended."""
    if not archived.startswith(signed):
        raise ValueError("archive: not a continuation of the signed letter")
    shown = Shown(shown_part(signed))
    update = Revision(signed, len(signed))
    chain = Chain([shown.revision, update])
    number = int(shown.revision.trailer[b"/Size"])
    contents = update.object(number)[b"/Contents"]
    stamps = []
    for start, end in _bounds(len(signed), archived):
        revision = Revision(archived[:end], end)
        objects = _objects(archived, start, revision)
        fresh = _check_trailer(chain.last, revision, objects)
        if b"/DSS" in objects.get(shown.root, ({}, None))[0] and set(objects) - fresh == {shown.root}:
            _check_material(chain, shown.root, objects, fresh, contents)
        else:
            value = _check_timestamp(chain, shown, objects, fresh, len(stamps) + 1)
            token, covered = read_contents(value, archived[:end])
            contents = value[b"/Contents"]
            stamps.append((token, covered))
        chain.revisions.append(revision)
    return stamps


def _bounds(start, archived):
    """Start and end of each revision behind `start`, oldest first."""
    bounds, end = [], len(archived)
    while end > start:
        begin = min(Revision(archived[:end], end).offsets.values())
        bounds.append((begin, end))
        if not start <= begin < end:
            raise ValueError("archive: a revision begins elsewhere")
        end = begin
    return reversed(bounds)


def _objects(data, start, revision):
    """number → (value, whether a stream); they fill the place between start and table."""
    at, objects = start, {}
    for number, offset in sorted(revision.offsets.items(), key=lambda each: each[1]):
        head = b"%d 0 obj\n" % number
        if offset != at or not data.startswith(head, at):
            raise ValueError("archive: object not in its place")
        value, end = read_object(data, at + len(head))
        stream = data.startswith(b"\nstream\n", end)
        if stream:
            end += len(b"\nstream\n") + int(value[b"/Length"])
            if not data.startswith(b"\nendstream", end):
                raise ValueError("archive: length of a stream")
            end += len(b"\nendstream")
        if not data.startswith(b"\nendobj\n", end):
            raise ValueError("archive: something behind an object")
        at, objects[number] = end + len(b"\nendobj\n"), (value, stream)
    if at != revision.table_at:
        raise ValueError("archive: something before the table")
    return objects


def _check_trailer(before, revision, objects):
    size = int(before.trailer[b"/Size"])
    fresh = {number for number in objects if number >= size}
    due = {**before.trailer, b"/Size": b"%d" % (size + len(fresh)), b"/Prev": b"%d" % before.table_at}
    if revision.trailer != due or fresh != set(range(size, size + len(fresh))):
        raise ValueError("archive: trailer")
    return fresh


def _check_material(chain, root, objects, fresh, contents):
    catalogue, old = dict(objects[root][0]), dict(chain.object(root))
    store = number_of(catalogue.pop(b"/DSS"))
    old.pop(b"/DSS", None)
    value = objects.get(store, ({}, True))[0]
    streams = all(objects[number][1] for number in fresh - {store})
    record = hashlib.sha1(bytes.fromhex(contents[1:-1].decode())).hexdigest().upper().encode()
    named = isinstance(value.get(b"/VRI"), dict) and b"/" + record in value[b"/VRI"]
    if catalogue != old or store not in fresh or not streams or not named or not set(value) <= MATERIAL:
        raise ValueError("archive: validation material")


def _check_timestamp(chain, shown, objects, fresh, count):
    """The dictionary of a document timestamp that is all this revision adds."""
    signatures = [number for number in fresh if objects[number][0].get(b"/Type") == b"/DocTimeStamp"]
    widgets = fresh - set(signatures)
    if len(signatures) != 1 or len(widgets) != 1:
        raise ValueError("archive: neither material nor one timestamp")
    widget, value = widgets.pop(), objects[signatures[0]][0]
    field = dict(objects[widget][0])
    page = number_of(field.pop(b"/P"))
    if field != {
        b"/Type": b"/Annot",
        b"/Subtype": b"/Widget",
        b"/FT": b"/Sig",
        b"/T": b"(MandateTimestamp%d)" % count,
        b"/Rect": [b"0", b"0", b"0", b"0"],
        b"/F": b"132",
        b"/V": b"%d 0 R" % signatures[0],
    }:
        raise ValueError("archive: field of a timestamp")
    expected = _with(chain, page, b"/Annots", widget)
    if shown.form is None:
        catalogue = dict(chain.object(shown.root))
        form = catalogue[b"/AcroForm"]
        catalogue[b"/AcroForm"] = {**form, b"/Fields": [*form[b"/Fields"], b"%d 0 R" % widget]}
        expected[shown.root] = catalogue
    else:
        expected |= _with(chain, shown.form, b"/Fields", widget)
    if {number: objects[number][0] for number in set(objects) - fresh} != expected:
        raise ValueError("archive: something else changed")
    fixed = {b"/Type": b"/DocTimeStamp", b"/Filter": b"/Adobe.PPKLite", b"/SubFilter": b"/ETSI.RFC3161"}
    if {name: inner for name, inner in value.items() if name not in (b"/ByteRange", b"/Contents")} != fixed:
        raise ValueError("archive: timestamp dictionary")
    return value


def _with(chain, number, name, added):
    """An object with one more reference in a list of its own, or in the object that list is."""
    value = chain.object(number)
    held = value.get(name, [])
    if is_reference(held):
        return {number_of(held): [*chain.object(number_of(held)), b"%d 0 R" % added]}
    return {number: {**value, name: [*held, b"%d 0 R" % added]}}


