"""Which items are in which incidents: in memory for one run, or read from the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from summarizer.domain.assignments import Ruling
from summarizer.domain.events import EventKind
from summarizer.domain.items import ItemKey, key_of, number_of
from summarizer.storage.store import Store

BY_EDITORS = frozenset(
    (
        EventKind.EDITED,
        EventKind.LOCKED,
        EventKind.ACCEPTED,
        EventKind.REFUSED,
        EventKind.APPROVED,
        EventKind.CHANGES_REQUESTED,
        EventKind.REJECTED,
        EventKind.WITHDRAWN,
    )
)
"""Kinds of event after which only an editor can merge an incident into another one."""


class Places(Protocol):
    """Items by number, and the incidents that they are in."""

    def number_of(self, key: str) -> int | None:
        """Number of an item; ``None`` for one that is in no incident."""
        ...

    def key_of(self, number: int) -> str:
        """Key of an item."""
        ...

    def incidents_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Incidents of the items; those in none are left out."""
        ...

    def labelled(self, label: str) -> str | None:
        """The incident of the item with that label and the lowest number."""
        ...

    def size(self, incident: str) -> tuple[int, int]:
        """Number of an incident's items, and the lowest number of one, 0 without any."""
        ...

    def is_held(self, incident: str) -> bool:
        """Whether an incident is never merged into another one: editors changed it, or it carries
        a label."""
        ...

    def barred(self, key: str) -> Collection[str]:
        """Incidents that rulings exclude for an item."""
        ...

    def kept_apart(self, some: Sequence[str], other: str) -> bool:
        """Whether a ruling excludes an item of ``some`` from ``other``, or the reverse."""
        ...

    def put(self, key: str, number: int, incident: str, label: str | None = None) -> None:
        """Add an item, or move it."""
        ...

    def merge(self, source: str, target: str) -> None:
        """Move every item, label and ruling of one incident to another."""
        ...


class InMemoryPlaces:
    """``Places`` in memory, for one run."""

    def __init__(self) -> None:
        self._key_of: dict[int, str] = {}
        self._number_of: dict[str, int] = {}
        self._incident_of: dict[int, str] = {}
        self._members: dict[str, set[int]] = defaultdict(set)
        self._labels: dict[str, tuple[int, str]] = {}
        self._barred: Mapping[str, Collection[str]] = {}
        self._held: Collection[str] = ()

    def number_of(self, key: str) -> int | None:
        """Number of an item; ``None`` for an unknown one."""
        return self._number_of.get(key)

    def key_of(self, number: int) -> str:
        """Key of an item."""
        return self._key_of[number]

    def incidents_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Incidents of the items; unknown ones are left out."""
        return {n: self._incident_of[n] for n in numbers if n in self._incident_of}

    def labelled(self, label: str) -> str | None:
        """The incident of the item with that label and the lowest number."""
        return self._labels.get(label, (0, None))[1]

    def size(self, incident: str) -> tuple[int, int]:
        """Number of an incident's items, and the lowest number of one, 0 without any."""
        numbers = self._members[incident]
        return len(numbers), min(numbers, default=0)

    def rule(self, barred: Mapping[str, Collection[str]], held: Collection[str] = ()) -> None:
        """Replace the rulings of editors.

        Args:
            barred: excluded incidents by item key.
            held: incidents that editors have changed.
        """
        self._barred = barred
        self._held = held

    def is_held(self, incident: str) -> bool:
        """Whether an incident is never merged into another one."""
        labelled = (name for _, name in self._labels.values())
        return incident in self._held or incident in labelled

    def barred(self, key: str) -> Collection[str]:
        """Incidents that rulings exclude for an item."""
        return self._barred.get(key, ())

    def kept_apart(self, some: Sequence[str], other: str) -> bool:
        """Whether a ruling excludes an item of ``some`` from ``other``, or the reverse."""
        for key, names in self._barred.items():
            number = self._number_of.get(key)
            where = None if number is None else self._incident_of[number]
            if (where in some and other in names) or (where == other and set(names) & set(some)):
                return True
        return False

    def put(self, key: str, number: int, incident: str, label: str | None = None) -> None:
        """Add an item, or move it."""
        if number in self._incident_of:
            self._members[self._incident_of[number]].discard(number)
        if label is not None and (label not in self._labels or number < self._labels[label][0]):
            self._labels[label] = number, incident
        self._members[incident].add(number)
        self._number_of[key] = number
        self._key_of[number] = key
        self._incident_of[number] = incident

    def merge(self, source: str, target: str) -> None:
        """Move every item, label and ruling of one incident to another."""
        numbers = self._members.pop(source, set())
        for number in numbers:
            self._incident_of[number] = target
        self._members[target] |= numbers
        for label, (number, incident) in self._labels.items():
            if incident == source:
                self._labels[label] = number, target
        self._barred = {
            key: {target if name == source else name for name in names}
            for key, names in self._barred.items()
        }


class StoredPlaces:
    """``Places`` of a store, with the decisions that are not written yet; not thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.forget()

    def forget(self) -> None:
        """Forget what was read and decided: the store has it, or it is out of date."""
        self._read: dict[int, str | None] = {}
        self._decided: dict[int, str] = {}
        self._labels: dict[str, int] = {}
        self._into: dict[str, str] = {}

    def number_of(self, key: str) -> int | None:
        """Number of an item; ``None`` for one that is in no incident."""
        number = number_of(ItemKey(key))
        return number if self.incidents_of([number]) else None

    def key_of(self, number: int) -> str:
        """Key of an item."""
        return key_of(number)

    def incidents_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Incidents of the items; those in none are left out."""
        if asked := [n for n in numbers if n not in self._read and n not in self._decided]:
            found = self._store.incidents_of([key_of(n) for n in asked])
            self._read |= {n: found.get(key_of(n)) for n in asked}
        places = {n: self._decided.get(n) or self._read[n] for n in numbers}
        return {n: self._led(incident) for n, incident in places.items() if incident is not None}

    def labelled(self, label: str) -> str | None:
        """The incident of the item with that label and the lowest number."""
        first = self._store.first_labelled(label)
        decided = self._labels.get(label)
        if first is None or (decided is not None and decided < number_of(first[0])):
            return None if decided is None else self._led(self._decided[decided])
        return self._led(first[1])

    def size(self, incident: str) -> tuple[int, int]:
        """Number of an incident's items, and the lowest number of one, 0 without any."""
        decided = [n for n, name in self._decided.items() if self._led(name) == incident]
        count, lowest = len(decided), decided[:1]
        for id_ in self._names(incident):
            stored, first = self._store.incident_size(id_)
            count += stored
            lowest += [first] if stored else []
        return count, min(lowest, default=0)

    def is_held(self, incident: str) -> bool:
        """Whether an incident is never merged into another one."""
        if any(self._led(self._decided[n]) == incident for n in self._labels.values()):
            return True
        names = self._names(incident)
        if self._store.history.newest(names, BY_EDITORS):
            return True
        if any(ruling.belongs for ruling in self._rulings_on(incident)):
            return True
        labels = [label for name in names for label in self._store.labels_in(name)]
        return any(self.labelled(label) == incident for label in labels)

    def barred(self, key: str) -> Collection[str]:
        """Incidents that rulings exclude for an item."""
        rulings = self._store.assignments.rulings([ItemKey(key)])
        return {self._led(ruling.incident) for ruling in rulings if not ruling.belongs}

    def kept_apart(self, some: Sequence[str], other: str) -> bool:
        """Whether a ruling excludes an item of ``some`` from ``other``, or the reverse."""
        return any(name in some for name in self._excluded_from(other)) or any(
            other in self._excluded_from(name) for name in some
        )

    def put(self, key: str, number: int, incident: str, label: str | None = None) -> None:
        """Add a decision."""
        self._decided[number] = incident
        if label is not None:
            self._labels[label] = min(number, self._labels.get(label, number))

    def merge(self, source: str, target: str) -> None:
        """Add the decision to merge an incident into another one."""
        self._into[source] = target

    def _led(self, incident: str) -> str:
        """The incident that remains after the merges decided on."""
        while incident in self._into:
            incident = self._into[incident]
        return incident

    def _names(self, incident: str) -> list[str]:
        """An incident and those that are to be merged into it."""
        return [incident, *(name for name in self._into if self._led(name) == incident)]

    def _rulings_on(self, incident: str) -> list[Ruling]:
        return [
            ruling
            for name in self._names(incident)
            for ruling in self._store.assignments.rulings_on(name)
        ]

    def _excluded_from(self, incident: str) -> Collection[str]:
        """Incidents of the items that rulings exclude from an incident."""
        numbers = [number_of(r.item) for r in self._rulings_on(incident) if not r.belongs]
        return self.incidents_of(numbers).values()
