"""Catalogues of translations: bring one up to date, find what is wrong with it, compile it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from msgids import Msgid

# No dates, translators or line numbers: a catalogue changes when a string does.
HEADER = """\
# {about}
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
WIDTH = 100
NAMED = re.compile(r"%\((\w+)\)[a-z]|(?<!\{)\{(\w*)\}")


def read(path: Path) -> Catalog:
    """Of the language that its folder names; empty when the file isn't there."""
    language = path.parts[-3]
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def write(catalog: Catalog, path: Path, *, about: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        header = HEADER.format(
            about=about, language=catalog.locale, plural_forms=catalog.plural_forms
        )
        target.write(header.encode())
        write_po(
            target, catalog, width=WIDTH, omit_header=True, sort_output=True,
            ignore_obsolete=True, include_lineno=False,
        )  # fmt: skip


def compile_catalogue(path: Path) -> None:
    """The .mo beside it, which is what Django reads; what is fuzzy stays out."""
    with path.with_suffix(".mo").open("wb") as target:
        write_mo(target, read(path))


def updated(catalog: Catalog, msgids: Iterable[Msgid]) -> Catalog:
    """What is used now, in no other order than the alphabet's, with the translations there were."""
    fresh = Catalog(locale=catalog.locale)
    for msgid in msgids:
        fresh.add(msgid.id, context=msgid.context, locations=[(msgid.path, 0)])
    for message in _messages(fresh):
        message.locations = sorted(set(message.locations))
        known = catalog.get(_key(message.id), message.context)
        if known is not None and isinstance(known.id, tuple) == isinstance(message.id, tuple):
            message.string = known.string
            message.flags = message.flags | (known.flags & {"fuzzy"})
            message.user_comments = known.user_comments
    return fresh


def stale(catalog: Catalog, msgids: Iterable[Msgid]) -> Iterator[str]:
    """What the catalogue holds and nobody uses any more, and what it does not hold yet."""
    used = {(_key(each.id), each.context): each.path for each in msgids}
    held = {(_key(each.id), each.context) for each in _messages(catalog)}
    yield from (f"no longer used: {key!r}" for key, _ in sorted(held - used.keys(), key=str))
    for key, context in sorted(used.keys() - held, key=str):
        yield f"not in the catalogue yet: {key!r} ({used[key, context]})"


def mistakes(catalog: Catalog, *, complete: bool) -> Iterator[str]:
    """What is missing (where it must be complete), fuzzy, or doesn't match its source."""
    for message in _messages(catalog):
        key = _key(message.id)
        if message.fuzzy:
            yield f"fuzzy, look at it again: {key!r}"
        elif not _is_translated(message):
            if complete:
                yield f"missing: {key!r}"
        else:
            yield from (f"{problem}: {key!r}" for problem in _mismatches(message, catalog))


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _key(msgid: str | tuple[str, ...]) -> str:
    return msgid[0] if isinstance(msgid, tuple | list) else msgid


def _forms(string: str | tuple[str, ...] | None) -> list[str]:
    return list(string) if isinstance(string, tuple | list) else [string or ""]


def _is_translated(message: Message) -> bool:
    return any(_forms(message.string))


def _mismatches(message: Message, catalog: Catalog) -> Iterator[str]:
    sources, targets = _forms(message.id), _forms(message.string)
    expected = catalog.num_plurals if len(sources) > 1 else 1
    if len(targets) != expected or not all(targets):
        yield f"{expected} forms are wanted"
        return
    wanted = set().union(*map(placeholders, sources))
    for form, target in enumerate(targets):
        has = placeholders(target)
        # "One lesson" needs no number; nothing else may leave a value out.
        may_lack = len(targets) > 1 and form == 0
        if not (has <= wanted if may_lack else has == wanted):
            yield f"placeholders differ ({', '.join(sorted(wanted ^ has))})"
        elif _takes_values(sources[-1]) and not _takes_values(target):
            yield "a per cent sign must be doubled here"
    if _edges(sources[-1]) != _edges(targets[-1]):
        yield "blanks at an end differ"


def placeholders(text: str) -> set[str]:
    """`name` of every %(name)s and {name}."""
    return {name or brace for name, brace in NAMED.findall(text)}


def _takes_values(text: str) -> bool:
    """Whether `text % values` works: templates always do that, and so does most of the code."""
    try:
        text % defaultdict(int)
    except (TypeError, ValueError):
        return False
    return True


def _edges(text: str) -> tuple[bool, bool]:
    """Whether it begins and ends with a blank."""
    return text[:1].isspace(), text[-1:].isspace()
