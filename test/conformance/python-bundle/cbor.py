"""As much CBOR (RFC 8949, deterministic) as a COSE_Key needs: a map of integers to integers and bytes."""


def parse(data):
    value, at = _item(data, 0)
    if at != len(data) or not isinstance(value, dict):
        raise ValueError("CBOR: no map, or something behind it")
    return value


def _item(data, at):
    kind, short = data[at] >> 5, data[at] & 31
    at += 1
    if short < 24:
        number = short
    elif short <= 26:
        size = 1 << short - 24
        number = int.from_bytes(data[at : at + size], "big")
        at += size
        if at > len(data) or number < (24, 256, 65536)[short - 24]:
            raise ValueError("CBOR: length")
    else:
        raise ValueError("CBOR: form")
    if kind == 0:
        return number, at
    if kind == 1:
        return -1 - number, at
    if kind == 2:
        if at + number > len(data):
            raise ValueError("CBOR: cut short")
        return data[at : at + number], at + number
    if kind != 5:
        raise ValueError("CBOR: type")
    value = {}
    for _ in range(number):
        key, at = _item(data, at)
        inner, at = _item(data, at)
        if not isinstance(key, int) or key in value:
            raise ValueError("CBOR: key")
        value[key] = inner
    return value, at
