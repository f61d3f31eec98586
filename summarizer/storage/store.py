"""The store: all that is kept, in one database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from sqlalchemy import insert, select

from summarizer.ports.clock import Clock
from summarizer.storage import tables
from summarizer.storage.also_in import AlsoIn
from summarizer.storage.api_keys import Keys
from summarizer.storage.assignments import Assignments
from summarizer.storage.backlog import BacklogReader
from summarizer.storage.batches import Batches
from summarizer.storage.corpus import CorpusStore
from summarizer.storage.database import Database
from summarizer.storage.deletions import Deletions
from summarizer.storage.drafts import Drafts
from summarizer.storage.erasing import Erasing
from summarizer.storage.events import History
from summarizer.storage.feeds import FeedStates, FetchLog
from summarizer.storage.fingerprints import FingerprintStore
from summarizer.storage.forecasts import Forecasts
from summarizer.storage.full_text import TextIndex
from summarizer.storage.holds import Holds
from summarizer.storage.incidents import Incidents
from summarizer.storage.index_marks import IndexMarks
from summarizer.storage.items import Items
from summarizer.storage.jobs import Jobs
from summarizer.storage.locks import SCHEMA, Lock
from summarizer.storage.model_calls import CallLog
from summarizer.storage.outlines import Outlines
from summarizer.storage.planner_inputs import PlannerRecords
from summarizer.storage.presence import Presence
from summarizer.storage.reports import Reports
from summarizer.storage.retention import Retention
from summarizer.storage.signals import StepSignals
from summarizer.storage.standings import Standings
from summarizer.storage.tasks import Tasks
from summarizer.storage.webhooks import Webhooks

if TYPE_CHECKING:
    from summarizer.storage.transfer import Compared

T = TypeVar("T")


class Store(Items, Incidents, Drafts):
    """Items, incidents and drafts in one database, with all that goes along with them."""

    def __init__(self, database: Database, clock: Clock, *, incident_prefix: str = "INC") -> None:
        self._database = database
        self._prefix = incident_prefix
        self.calls = CallLog(database)
        """Calls to models: requests, responses and their cost."""
        self.history = History(database, clock)
        """Events: who did what to which incident."""
        self.jobs = Jobs(database)
        """Drafts that were asked for."""
        self.signals = StepSignals(database)
        """News of the steps of drafts, from all processes."""
        self.tasks = Tasks(database)
        """Tasks of the embedded queue."""
        self.api_keys = Keys(database)
        """API keys and sessions of browsers."""
        self.webhooks = Webhooks(database)
        """Subscriptions to events, and their deliveries."""
        self.outlines = Outlines(database)
        """Outlines of incidents, for lists."""
        self.standings = Standings(database)
        """Standings of incidents, for lists and plans."""
        self.planner_records = PlannerRecords(database)
        """Past drafts and their cost, for the planner of drafts."""
        self.full_text = TextIndex(database)
        """Full text of the items."""
        self.fetches = FetchLog(database)
        """Log of fetched URLs."""
        self.feeds = FeedStates(database)
        """State of each polled feed."""
        self.assignments = Assignments(database)
        """Reasons why items are in their incidents, and rulings of editors."""
        self.also_in = AlsoIn(database)
        """Items that further incidents show."""
        self.deletions = Deletions(database)
        """Items that were deleted, or are to be."""
        self.erasing = Erasing(database)
        """Takes deleted items out of every table."""
        self.retention = Retention(database)
        """Removes old records."""
        self.fingerprints = FingerprintStore(database)
        """Fingerprints of items, for clustering."""
        self.corpus = CorpusStore(database)
        """What clustering has learned of the items."""
        self.holds = Holds(database)
        """Holds on incidents that nobody has lifted."""
        self.presence = Presence(database)
        """Who has which incident open."""
        self.reports = Reports(database)
        """Readers' reports of an inaccuracy."""
        self.index_marks = IndexMarks(database)
        """How far the vector index is filled."""
        self.forecasts = Forecasts(database)
        """Forecasts that stood in drafts, and their outcomes."""
        self.backlog = BacklogReader(database)
        """Counts of what waits, for monitoring."""
        self.batches = Batches(database)
        """Requests that wait in batches at a model's server."""

    @classmethod
    def open(cls, url: str, clock: Clock, *, incident_prefix: str = "INC") -> Store:
        """Open or create the store at a SQLAlchemy URL.

        Args:
            url: ``sqlite:///data/x.db``, ``sqlite://`` in memory, ``postgresql://user@host/name``.
            clock: the time of the events that are recorded.
            incident_prefix: of new ids; those that exist keep theirs.

        Raises:
            StorageError: the database cannot be opened or a newer program wrote it.
        """
        return cls(Database.open(url), clock, incident_prefix=incident_prefix)

    @property
    def answers_at_once(self) -> bool:
        """Whether a small read waits for nobody: no other process, no writer."""
        return self._database.answers_at_once

    def installation(self) -> str:
        """Id of this database and its copies, 32 hexadecimal digits; made when first asked for."""
        query = select(tables.installation.c.id)
        with self._database.reading() as connection:
            found = connection.scalar(query)
        if found is None:
            with self._database.writing(SCHEMA) as connection:
                found = connection.scalar(query)  # another process may have been faster
                if found is None:
                    found = uuid4().hex
                    connection.execute(insert(tables.installation).values(id=found))
        return str(found)

    def moved_to(self, url: str, tell: Callable[[str], None]) -> list[Compared]:
        """Copy everything to another database, and compare the two; see ``transfer.move``."""
        from summarizer.storage.transfer import move

        return move(self._database, url, self.installation(), tell)

    def close(self) -> None:
        """Release the database; the store is unusable afterwards."""
        self._database.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Make all reads of this thread in the block see one state of the store.

        Writers do not wait for it, but in memory.  Nothing is written in the block.
        """
        with self._database.reading():
            yield

    @contextmanager
    def transaction(self, *locks: Lock) -> Iterator[None]:
        """Make all writes of this thread in the block one atomic write.

        An exception that leaves the block undoes them all.  Blocks may nest.

        Args:
            locks: of what the block reads in order to decide what it writes: no other writer
                changes that before the block ends.
        """
        with self._database.writing(*locks):
            yield

    @contextmanager
    def driver(self, *locks: Lock) -> Iterator[Any]:
        """The driver's own connection in a write, for a library that takes part in it.

        What it does in the block is undone, and no more, if an exception leaves the block.
        """
        with self._database.writing(*locks) as connection, connection.begin_nested():
            yield connection.connection.driver_connection

    def repeated(self, work: Callable[[], T]) -> T:
        """Do work, again where the database could not do it at the first time.

        Args:
            work: has one transaction at most, and may be done twice if that was not stored.
        """
        return self._database.repeated(work)
