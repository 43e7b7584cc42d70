"""A crawler: it follows the links of somebody's pages, looks at each, and notes what is wrong with it."""

import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from zlib import crc32

import polib
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from django.utils import translation
from playwright.sync_api import Error
from wagtail import admin

from tests.browser.conftest import AXE, Person

GAP = re.compile(r"%\(\w+\)[a-z]|%[sd]")
ROOT = Path(__file__).resolve().parents[2]
WAGTAILS_WORDS = Path(admin.__file__).parent / "locale"
# So many pages stand for all that have the same address but for a name or a number in it: in English, and elsewhere.
OF_A_KIND, ELSEWHERE = 2, 1
# They end the session, or give no page of its own.
UNSAFE = re.compile(
    r"/(sign-out|logout|leave-site)/|/(csv|calendar|download|html|file|photo)/?$|/photos/|/look/|results/|[?&]export="
)
# Wagtail's own sections of the admin: looked at once for each role, with titles of pages in all languages on them.
# Their links are not followed.
WAGTAILS = re.compile(
    r"^/admin/(pages|images|documents|reports/(?!overflow|support|simulation)[\w-]+|account|collections|workflows|tasks|sites"
    r"|users|groups|snippets|redirects|search|styleguide|tag-autocomplete|choose-page|password_reset)/"
)
# What Wagtail's own pages lack, which is not ours to mend: rule by address.
KNOWN = (
    ("aria-allowed-role", r"admin/pages/search/"),
    ("heading-order", r"admin/pages/search/"),
    ("link-in-text-block", r"admin/reports/aging-pages/"),
    ("page-has-heading-one", r"admin/snippets/[\w/]+/add/"),
    ("aria-input-field-name", r"admin/pages/<int:page_id>/edit/"),
)

# Whatever a look at a page needs, in one trip: the forms that only ask count as links.
LOOK = """() => {
  const links = [...document.querySelectorAll('a[href]:not([download])')].map(a => a.href);
  for (const form of document.querySelectorAll('form:not([method=post i]):not([method=dialog i])')) {
    const to = new URL(form.getAttribute('action') || '', location.href);
    const asked = () => new URL('?' + new URLSearchParams(new FormData(form)), to).href;
    links.push(asked());
    for (const select of form.querySelectorAll('select')) {
      if (select.options.length > 1) { select.selectedIndex = 1; links.push(asked()); form.reset(); }
    }
  }
  const own = document.documentElement.lang.slice(0, 2), texts = [];
  const note = (node, text) => {
    const said = (node.closest('[lang]')?.lang || '').slice(0, 2);
    if (text && said === own) texts.push(text.replace(/\\s+/g, ' ').trim());
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest('script,style,template,noscript')) note(parent, walker.currentNode.data);
  }
  for (const name of ['aria-label', 'placeholder', 'alt', 'title'])
    for (const node of document.querySelectorAll(`[${name}]`)) note(node, node.getAttribute(name));
  note(document.documentElement, document.title);
  return {links, texts, lang: own, wider: document.documentElement.scrollWidth - innerWidth};
}"""
# Open what is folded, and tell by how much the page is too wide then.
UNFOLD = """() => {
  document.querySelectorAll('details').forEach(one => { one.open = true; });
  return document.documentElement.scrollWidth - innerWidth;
}"""
# Bring colours that are on their way from one scheme to the other to where they go.
ARRIVE = """() => document.getAnimations().forEach(one => {
  if (isFinite(one.effect?.getComputedTiming().endTime)) one.finish();
})"""
BUTTONS = "button[type=button]:not([data-passkey-button]):enabled:visible"


@dataclass
class Visited:
    """What all crawls of a run have seen: pages by role and language, and whose routes were looked at closely."""

    pages: Counter[tuple[str, str]] = field(default_factory=Counter)
    shapes: set[tuple[str, str]] = field(default_factory=set)

    def __str__(self) -> str:
        rows = [f"{role} {language} {count}" for (role, language), count in self.pages.items()]
        return f"The crawl visited {self.pages.total()} pages: {', '.join(rows)}"


class Crawl:
    """One person's way over their pages in one language; ``wrong`` holds what is wrong with them."""

    def __init__(self, person: Person, visited: Visited, *, role: str, language: str, urlconf: str) -> None:
        self.person, self.page, self.visited = person, person.page, visited
        self.role, self.language, self.urlconf = role, language, urlconf
        self.english = English.left_in(language, is_friend=role == "friend")
        # Staff have the brand site before them that customers have.
        self.within = re.compile(r"/admin/|/\w\w/account/" if role in ("manager", "editor") else "/")
        self.wrong: list[str] = []
        self.answers: list[str] = []
        self.seen: set[str] = set()
        self.kinds: Counter[str] = Counter()
        self.page.on("response", lambda answer: self._note_answer(answer.status, answer.url))
        self.page.on("dialog", lambda dialog: dialog.accept())

    @property
    def count(self) -> int:
        """Return the number of pages visited."""
        return self.visited.pages[self.role, self.language]

    def follow(self, *starts: str) -> None:
        """Go over all pages that links lead to from some addresses, the nearest first."""
        waiting = deque(starts)
        while waiting:
            address = waiting.popleft()
            if not self._is_wanted(address, starts):
                continue
            try:
                self.page.goto(address)
            except Error as error:
                if "Download is starting" not in error.message:
                    raise
                continue
            waiting.extend(self.look())

    def forget(self) -> None:
        """Go anew over pages that were closed to a stranger."""
        self.seen.clear()
        self.kinds.clear()

    def look(self) -> list[str]:
        """Look at the page as it is, closely at the first of a route, and return the addresses it leads to."""
        kind = self.kind(self.page.url)
        is_wagtails = bool(WAGTAILS.match(urlsplit(self.page.url).path))
        self.visited.pages[self.role, self.language] += 1
        seen = self.page.evaluate(LOOK)
        self._say_faults(kind)
        if not is_wagtails:
            self._say(kind, [f"in English: {text}" for text in sorted(set(seen["texts"])) if self.english.has(text)])
        if seen["lang"] != self.language:
            self._say(kind, [f"is in {seen['lang']}"])
        self._say_width(kind, seen["wider"])
        if self._is_new(kind):
            self.visited.shapes.add(self._shape(kind))
            self._show_to_axe(kind)
            self._press(kind)
        return [] if is_wagtails else seen["links"]

    def kind(self, address: str) -> str:
        """Return what an address has in common with its siblings: its route, and what is asked."""
        parts = urlsplit(address)
        asked = sorted({name for name, _value in parse_qsl(parts.query)})
        return route_of(parts.path, self.language, self.urlconf) + (f"?{'&'.join(asked)}" if asked else "")

    def _is_wanted(self, address: str, starts: Iterable[str]) -> bool:
        address = address.partition("#")[0]
        parts, host = urlsplit(address), urlsplit(next(iter(starts))).netloc
        if address in self.seen or parts.netloc != host or UNSAFE.search(address) or not self.within.match(parts.path):
            return False
        prefix = re.match(r"/(en|de|fr|it|pl)/", parts.path)
        if prefix and prefix[1] != self.language:
            return False
        self.seen.add(address)
        kind = self.kind(address)
        self.kinds[kind] += 1
        if WAGTAILS.match(parts.path):
            return self._is_new(kind)
        return self.kinds[kind] <= (OF_A_KIND if self.language == "en" else ELSEWHERE)

    def _is_new(self, kind: str) -> bool:
        return self._shape(kind) not in self.visited.shapes

    def _shape(self, kind: str) -> tuple[str, str]:
        """Return what a page is made by: somebody's route, whatever is asked there."""
        return self.role, kind.partition("?")[0]

    def _show_to_axe(self, kind: str) -> None:
        """Show the page to axe, in dark for one half of all kinds and in light for the other."""
        self.page.emulate_media(color_scheme="dark" if crc32(kind.encode()) % 2 else "light")
        self.page.evaluate(ARRIVE)
        for fault in Axe().run(self.page, options=AXE).response["violations"]:
            if not any(rule == fault["id"] and re.match(route, kind) for rule, route in KNOWN):
                self._say(kind, [f"{fault['id']}: {node['html'][:160]}" for node in fault["nodes"][:2]])
        self.page.emulate_media(color_scheme="light")

    def _press(self, kind: str) -> None:
        """Press what sends nothing and needs no device, twice, so that switches are as before; open what is folded."""
        if kind.startswith("admin/"):
            return
        for button in self.page.locator(BUTTONS).all():
            button.click()
            button.click()
        self._say_width(f"{kind}, unfolded", self.page.evaluate(UNFOLD))
        self._say_faults(kind)

    def _note_answer(self, status: int, address: str) -> None:
        if status >= 400:
            self.answers.append(f"{status} of {address}")

    def _say_faults(self, kind: str) -> None:
        """Say what server and browser have found wrong since the last time."""
        for faults in (self.answers, self.person.faults):
            self._say(kind, faults)
            faults.clear()

    def _say_width(self, kind: str, wider: int) -> None:
        if wider > 0:
            self._say(kind, [f"is {wider} px wider than the screen"])

    def _say(self, kind: str, faults: list[str]) -> None:
        self.wrong += [f"{self.role} {self.language} {kind} [{self.page.url}]: {words}" for words in faults]


@dataclass(frozen=True)
class English:
    """Texts of ours that say something else in a language.

    One with gaps counts where it has three words beside them, so that it is English for sure.
    """

    whole: frozenset[str]
    gapped: re.Pattern[str]

    @classmethod
    @cache
    def left_in(cls, language: str, *, is_friend: bool) -> "English":
        """Return what should not be read in a language; friends are spoken to in their own words."""
        catalogue = polib.pofile(str(ROOT / f"locale/{language}/LC_MESSAGES/django.po")) if language != "en" else []
        wagtails = polib.mofile(str(WAGTAILS_WORDS / f"{language}/LC_MESSAGES/django.mo")) if language != "en" else []
        said = {text for one in (*catalogue, *wagtails) for text in (one.msgstr, *one.msgstr_plural.values())}
        texts = {one.msgid for one in catalogue if is_friend or not one.msgctxt} - said
        gapped = [GAP.split(text) for text in texts if GAP.search(text)]
        gapped = [parts for parts in gapped if len(re.findall(r"[A-Za-z]{2,}", " ".join(parts))) >= 3]
        return cls(
            frozenset(text for text in texts if not GAP.search(text)),
            re.compile("|".join(".+".join(map(re.escape, parts)) for parts in gapped) or r"(?!)"),
        )

    def has(self, text: str) -> bool:
        """Say whether a text is one of them."""
        return text in self.whole or bool(self.gapped.fullmatch(text))


@cache
def route_of(path: str, language: str, urlconf: str) -> str:
    """Return the route below the language that a path takes; the path itself where that says more."""
    with translation.override(language):
        try:
            route = resolve(path, urlconf).route
        except Resolver404:
            route = path
    if "(" in route or "<path:" in route:
        route = path
    return re.sub(rf"^/?{language}/", "", route)
