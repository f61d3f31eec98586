"""The public site: approved pages as static files, with an index, feeds, corrections and method."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from summarizer import __version__
from summarizer.domain.publication import Approval, Entry
from summarizer.domain.sections import SectionSpec
from summarizer.incidents import site_folder
from summarizer.incidents.pages import IncidentPages
from summarizer.incidents.publication import NOT_PUBLIC, Publication
from summarizer.incidents.site_folder import Changes, SiteFolder
from summarizer.noise import score
from summarizer.ports.clock import Clock
from summarizer.rendering import edition, feeds, render_html, site
from summarizer.rendering.feeds import Feed

SITEMAP = "sitemap.xml"
FEEDS = ("feed.atom", "feed.json")


class PublicSite:
    """Writes the public pages into a folder; composed by ``summarizer.app``.

    Args:
        publication: which pages are public.
        pages: of the incidents.
        specs: sections of a draft, in order.
        clock: the time.
        name: of the site.
        installation: id of the database.
    """

    def __init__(
        self,
        publication: Publication,
        pages: IncidentPages,
        specs: Sequence[SectionSpec],
        clock: Clock,
        name: str,
        installation: str,
    ) -> None:
        self._publication = publication
        self._pages = pages
        self._specs = specs
        self._clock = clock
        self._name = name
        self._installation = installation

    def write(self, root: Path, base_url: str | None = None) -> Changes:
        """Bring a folder up to date with what is public.

        Files change one by one and each at once, pages before what links to them.

        Args:
            root: the folder; made if it is not there.
            base_url: absolute URL at which the folder is shown, for feeds and the sitemap.

        Raises:
            ConflictError: another run is writing it.
            InputError: it holds files of others, or cannot be written.
        """
        with site_folder.opened(root) as folder:
            public, now = self._publication.public(), self._clock.now()
            ids = [a.incident_id for a in public.approvals] + [f.incident_id for f in public.former]
            fixed = [site.INDEX, site.CORRECTIONS, site.METHOD, *FEEDS]
            fixed += [SITEMAP] if base_url else []
            folder.expect((*map(site.page_path, ids), *fixed))
            entries = [e for one in public.approvals if (e := self._page(folder, one, now))]
            for former in public.former:
                path = site.page_path(former.incident_id)
                folder.put(path, site.render_former(self._name, former).encode())
            titles = {entry.incident_id: entry.title for entry in entries}
            notices = self._publication.notices(public)
            half_life = score.config().decay["half_life_days"]
            corrected = site.render_corrections(self._name, notices, titles)
            folder.put(site.CORRECTIONS, corrected.encode())
            folder.put(site.METHOD, site.render_method(self._name, half_life).encode())
            folder.put(site.INDEX, site.render_index(self._name, entries).encode())
            self._feeds(folder, entries[: feeds.MOST], base_url)
            if base_url:
                paths = (*map(site.page_path, titles), site.INDEX, site.CORRECTIONS, site.METHOD)
                folder.put(SITEMAP, site.render_sitemap(base_url.rstrip("/"), paths).encode())
            return folder.finish()

    def _page(self, folder: SiteFolder, approval: Approval, now: dt.datetime) -> Entry | None:
        """Write the page of an incident, unless nothing of it has changed."""
        path, as_of = site.page_path(approval.incident_id), measured_at(approval, now)
        try:
            told = self._told(approval, as_of)
            if told and (kept := folder.kept(path, told)) and kept.entry:
                return kept.entry
            entry = self._publication.entry(approval)
            page = self._publication.page(approval, as_of)
            places = [(name, f"../{place}") for name, place in site.PLACES]
            text = render_html(page, self._specs, self._pages.picture(page), places)
        except NOT_PUBLIC:
            return None
        folder.put(path, text.encode(), told, entry)
        return entry

    def _told(self, approval: Approval, as_of: dt.datetime) -> str | None:
        """What tells whether the file of a page is another one; ``None`` where nothing does."""
        version = self._pages.version(approval.incident_id, as_of, approval.revision)
        if version is None:
            return None
        parts = (__version__, edition(), approval.model_dump_json(), *version.told)
        return sha256("\0".join(parts).encode()).hexdigest()

    def _feeds(self, folder: SiteFolder, entries: Sequence[Entry], base_url: str | None) -> None:
        base = f"{base_url.rstrip('/')}/" if base_url else ""

        def page(entry: Entry) -> str:
            path = site.page_path(entry.incident_id)
            return f"{base}{path.removesuffix(f'/{site.INDEX}')}" if base else path

        feed = Feed(self._name, self._installation, base or site.INDEX, base, page)
        atom, json = FEEDS
        folder.put(atom, feeds.render_atom(feed, entries))
        folder.put(json, feeds.render_json_feed(feed, entries))


def measured_at(approval: Approval, now: dt.datetime) -> dt.datetime:
    """The time of noise and state on a public page: the last midnight (UTC), or the approval since.

    A page therefore changes by itself once a day at most.
    """
    midnight = dt.datetime.combine(now.astimezone(dt.UTC), dt.time(), dt.UTC)
    return max(midnight, approval.at)
