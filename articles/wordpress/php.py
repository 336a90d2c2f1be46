"""PHP's serialize(), as far as WordPress's metadata of pictures need it."""

import re

STRING = re.compile(rb's:(\d+):"')


def strings(text: str) -> dict[str, str]:
    """Return the strings of a serialized array that stand under a string, at whatever depth.

    `a:1:{s:6:"credit";s:3:"AFP";}` is {"credit": "AFP"}. Lengths are in bytes; what does not
    fit is left out.
    """
    data = text.encode()
    found: dict[str, str] = {}
    place, name = 0, None
    while start := STRING.search(data, place):
        begin = start.end()
        end = begin + int(start[1])
        if data[end : end + 2] != b'";':
            place, name = begin, None
            continue
        value = data[begin:end].decode("utf-8", "replace")
        is_next = place == start.start()
        if name is not None and is_next:
            found.setdefault(name, value)
            name = None
        else:
            name = value
        place = end + 2
    return found
