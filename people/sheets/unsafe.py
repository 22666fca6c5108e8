"""XML that is read no further: not well formed, of an encoding of its own, or with a document type.

Entities need a document type, so none is ever expanded.
"""

from __future__ import annotations

import re
from xml.parsers import expat  # nosec B405: document types, hence entities, are refused

BOM = b"\xef\xbb\xbf"
BEGINNINGS = (b"<", BOM, b"\xff\xfe", b"\xfe\xff")
ENCODING = re.compile(rb"""\A<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
ENCODINGS = (b"utf-8", b"us-ascii", b"ascii")  # what every parser reads alike


class UnsafeXmlError(Exception):
    pass


def is_xml(beginning: bytes) -> bool:
    return beginning.lstrip().startswith(BEGINNINGS)


def check_encoding(beginning: bytes) -> None:
    declared = ENCODING.match(beginning.removeprefix(BOM))
    if b"\0" in beginning or (declared and declared[1].lower() not in ENCODINGS):
        raise UnsafeXmlError("encoding")


def guarded_parser(*, namespaces: bool = False) -> expat.XMLParserType:
    """`namespaces` puts them in front of names, after a blank."""
    parser = expat.ParserCreate(namespace_separator=" " if namespaces else None)
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    return parser


def parse(parser: expat.XMLParserType, chunk: bytes, *, is_last: bool = False) -> None:
    try:
        parser.Parse(chunk, is_last)
    except expat.ExpatError as error:
        raise UnsafeXmlError(str(error)) from error


def _refuse(*declaration: object) -> None:
    raise UnsafeXmlError("document type")
