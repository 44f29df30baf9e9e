"""The documents of a workspace; what was read and checked once is taken from the cache.

In long form, a document without short values is kept by its content alone, and one with them by the vocabulary as well.
As it was parsed, that one is kept by its content too, so that a new code of the codebook costs no YAML.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path

from evigraph.data import file_digests, forms, integrity, languages
from evigraph.data.documents import Document, LaterLines, digest, nodes
from evigraph.data.file_digests import File
from evigraph.data.review_files import content_of, lengthened, parsed, read_document
from evigraph.data.vocabulary import Vocabulary, is_shared
from evigraph.files import cache
from evigraph.paths import Workspace

TAGGED = 'In": {'
"""What the text that is kept of a document has in it, if it has texts by their language."""


class _File:
    """A document's file, of which what is in it is read when it is needed.

    Attributes:
        path: where it is. name: the document's. digest: of its bytes, see `documents.digest`.
    """

    def __init__(self, place: str, name: str, told: str) -> None:
        """Nothing is read; `told` is its digest as the last look told it."""
        self.path, self.name, self.digest = Path(place), name.rpartition(".")[0], told

    @cached_property
    def content(self) -> bytes:
        """Its bytes; the digest is theirs then, should somebody have written it since the look."""
        found = content_of(self.path)
        self.digest = digest(self.path, found)
        return found


def read_documents(workspace: Workspace, cache_of: Workspace | None = None) -> list[Document]:
    """Every document of the workspace, in long form, checked against the vocabulary and each other.

    `cache_of` is another workspace whose cache serves: that of which this one is a copy that won't stay.

    Raises:
        DataError: the first fault found, with file, line, key and mend.
    """
    files = file_digests.file_digests(workspace, cache_of)
    reading = _Reading(cache_of or workspace, [_File(*each) for each in files])
    documents = reading.documents()
    integrity.check(documents, reading.new)
    reading.keep(whole=cache_of is None)
    _prefer(documents, reading.tagged)
    return documents


def read_some(workspace: Workspace, files: list[File], names: set[str]) -> list[Document]:
    """Of the documents of these files, those that all share and those of some names, which files have.

    They are held to the vocabulary, but not to the documents that are left out.

    Raises:
        DataError: the first fault found, with file, line, key and mend.
    """
    chosen = [each for each in files if is_shared(each.name) or each.name in names]
    reading = _Reading(workspace, [_File(*each) for each in chosen])
    documents = reading.documents()
    integrity.check_alone(reading.new)
    reading.keep(whole=False)
    _prefer(documents, reading.tagged)
    return documents


def _prefer(documents: list[Document], tagged: list[Document]) -> None:
    """Let the plain texts be those in the review's language, where it states one and they have it."""
    review = next((each.content for each in documents if each.name == "review"), {})
    language = str(review.get("language", "")).lower()
    for document in tagged if language else ():
        changed = False
        for _, record in nodes(document.content):
            for key, by_language in languages.TAGGED.items():
                text = record.get(by_language, {}).get(language)
                if isinstance(text, str) and text != record[key]:
                    record[key], changed = text, True
        if changed:  # what is kept of the document under its digest has another plain text
            document.digest = cache.key("language", document.digest, language)


class _Reading:
    """Files as documents, from the cache as far as it has them.

    Attributes:
        new: the documents that it lacks in long form.
        tagged: the documents with texts in several languages.
    """

    def __init__(self, cached: Workspace, files: list[_File]) -> None:
        """Nothing is read yet."""
        self._cached, self._files = cached, files
        self.new: list[Document] = []
        self.tagged: list[Document] = []
        self._parsed: dict[str, Document] = {}
        self._vocabulary_digest = ""
        self._keys: dict[str, str] = {}

    def documents(self) -> list[Document]:
        """All of them, in the order of their files."""
        kept = cache.values(self._cached, "documents", [each.digest for each in self._files])
        found: dict[str, Document] = {}
        short = []
        for each in self._files:
            text = kept.get(each.digest, "")
            document = None if text.startswith("{") else self._of_content(each, text)
            if document is None:
                short.append(each)
            else:
                found[each.name] = document
        vocabulary = self._vocabulary(found, [each for each in short if is_shared(each.name)], kept)
        self._vocabulary_digest = vocabulary.digest
        self._keys = {each.name: self._value_key(each.digest) for each in short}
        long = cache.values(self._cached, "values", list(self._keys.values()))
        for each in short:
            held = self._long(each, long.get(self._keys[each.name], ""), vocabulary)
            found[each.name] = held or self._made(self._short(each, kept), vocabulary)
        return [found[each.name] for each in self._files]

    def _value_key(self, told: str) -> str:
        return cache.key("values", told, self._vocabulary_digest)

    def _of_content(self, file: _File, text: str) -> Document | None:
        """A document without short values; of another nothing, and it is parsed then."""
        if document := self._long(file, text, Vocabulary()):
            return document
        read = parsed(file.path, file.name, file.content)
        if forms.is_short(read.content):
            self._parsed[file.name] = read
            return None
        return self._made(read, Vocabulary())

    def _vocabulary(self, found: dict[str, Document], short: list[_File], kept: dict[str, str]) -> Vocabulary:
        shared = {name: document.content for name, document in found.items() if is_shared(name)}
        shared |= {each.name: self._short(each, kept).content for each in short}
        return Vocabulary(shared[name] for name in sorted(shared))

    def _short(self, file: _File, kept: dict[str, str]) -> Document:
        """A document as it was parsed."""
        if file.name in self._parsed:
            return self._parsed[file.name]
        try:
            content = json.loads(kept.get(file.digest, ""))
        except ValueError:
            return parsed(file.path, file.name, file.content)
        lines = LaterLines(lambda: parsed(file.path, file.name, file.content).lines)
        return Document(file.path, file.name, content, lines, file.digest)

    def _made(self, read: Document, vocabulary: Vocabulary) -> Document:
        document = lengthened(read, vocabulary)
        self.new.append(document)
        return document

    def _long(self, file: _File, text: str, vocabulary: Vocabulary) -> Document | None:
        document = _long(file, text, vocabulary)
        if document and TAGGED in text:
            self.tagged.append(document)
        return document

    def keep(self, whole: bool) -> None:
        """Keep what was made, once it was checked; of a `whole` review, much else goes."""
        texts = {each.name: _text(each) for each in self.new}
        self.tagged += [each for each in self.new if TAGGED in texts[each.name]]
        plain = {each.digest: texts[each.name] for each in self.new if each.name not in self._keys}
        plain |= {each.digest: json.dumps(each.content) for each in self._parsed.values()}
        cache.remember(self._cached, "documents", plain, [each.digest for each in self._files] if whole else None)
        long = {self._value_key(each.digest): texts[each.name] for each in self.new if each.name in self._keys}
        cache.remember(self._cached, "values", long, list(self._keys.values()) if whole else None)


def _text(document: Document) -> str:
    """What is kept of a document that was checked; JSON gives back every value as it was."""
    return json.dumps([document.content, *(document.named or integrity.named(document)), document.meaning])


def _long(file: _File, text: str, vocabulary: Vocabulary) -> Document | None:
    """A document as it was kept in long form: it holds to the vocabulary, for it was checked before."""
    try:
        content, ids, references, meaning = json.loads(text)
    except (ValueError, TypeError):
        return None
    lines = LaterLines(lambda: read_document(file.path, file.name, vocabulary).lines)
    return Document(file.path, file.name, content, lines, file.digest, (ids, references), meaning)
