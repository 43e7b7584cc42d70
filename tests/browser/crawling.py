"""A crawler: it follows the links of somebody's pages, looks at each, and notes what is wrong with it."""

import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from zlib import crc32

import polib
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from django.utils import translation
from playwright.sync_api import Error

from tests.browser.conftest import RULES, Person

LANGUAGES = ("en", "de", "fr", "it", "pl")
GAP = re.compile(r"%\(\w+\)[a-z]|%[sd]")
ROOT = Path(__file__).resolve().parents[2]
# So many pages stand for all that have the same address but for a name or a number in it: in English, and elsewhere.
OF_A_KIND, ELSEWHERE = 2, 1
# They end the session, or give no page of its own.
UNSAFE = re.compile(
    r"/(sign-out|logout|leave-site)/|/(csv|calendar|download|html|file|photo)/?$|/photos/|results/|[?&]export="
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
  return {links, texts, lang: own};
}"""


@dataclass
class Findings:
    """What a crawl has seen: pages by role and language, and what is wrong."""

    pages: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    # Whose kinds of pages axe has been shown already.
    shown: set[tuple[str, str]] = field(default_factory=set)

    def __str__(self) -> str:
        rows = [f"{sum(self.pages.values())} pages"]
        rows += [f"{role:10}{language:4}{count}" for (role, language), count in self.pages.items()]
        return "\n".join(rows)


class Crawl:
    """One person's way over their pages in one language."""

    def __init__(self, person: Person, findings: Findings, *, role: str, language: str, urlconf: str) -> None:
        self.person, self.page, self.findings = person, person.page, findings
        self.role, self.language, self.urlconf = role, language, urlconf
        self.english = english_rest(language, role)
        # Staff have the brand site before them that customers have.
        self.within = re.compile(r"/admin/|/\w\w/account/" if role in ("manager", "editor") else "/")
        self.answers: list[str] = []
        self.seen: set[str] = set()
        self.kinds: Counter[str] = Counter()
        self.page.on("response", lambda answer: self._note_answer(answer.status, answer.url))
        self.page.on("dialog", lambda dialog: dialog.accept())

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
        """Look at the page as it is, and return the addresses it leads to."""
        kind = self.kind(self.page.url)
        self.findings.pages[self.role, self.language] += 1
        seen = self.page.evaluate(LOOK)
        self._say(kind, self.answers, self.person.faults)
        self.answers.clear()
        self.person.faults.clear()
        is_wagtails = WAGTAILS.match(urlsplit(self.page.url).path)
        if not is_wagtails:
            rest = [text for text in sorted(set(seen["texts"])) if self.english.fullmatch(text)]
            self._say(kind, [f"in English: {text}" for text in rest])
        if seen["lang"] != self.language:
            self._say(kind, [f"is in {seen['lang']}"])
        self._look_at_width(kind)
        if self._is_turn_of(kind):
            self.findings.shown.add((self.role, kind))
            self._show_to_axe(kind)
            self._press(kind)
        return [] if is_wagtails else seen["links"]

    def kind(self, address: str) -> str:
        """Return what an address has in common with its siblings: its route, and what is asked."""
        parts = urlsplit(address)
        asked = sorted({name for name, _value in parse_qsl(parts.query)})
        with translation.override(self.language):
            try:
                route = resolve(parts.path, self.urlconf).route
            except Resolver404:
                route = parts.path
        if "(" in route or "<path:" in route:
            route = parts.path
        return re.sub(rf"^/?{self.language}/", "", route) + (f"?{'&'.join(asked)}" if asked else "")

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
            return self._is_turn_of(kind)
        return self.kinds[kind] <= (OF_A_KIND if self.language == LANGUAGES[0] else ELSEWHERE)

    def _is_turn_of(self, kind: str) -> bool:
        """Say whether to look closely: at each kind of page once for every role, in a language by turns."""
        is_turn = LANGUAGES[crc32(kind.encode()) % len(LANGUAGES)] == self.language or self.language == LANGUAGES[-1]
        return is_turn and (self.role, kind) not in self.findings.shown

    def _show_to_axe(self, kind: str) -> None:
        self.page.emulate_media(color_scheme="dark" if crc32(kind.encode()) // 8 % 2 else "light")
        for fault in Axe().run(self.page, options={"runOnly": RULES}).response["violations"]:
            if not any(rule == fault["id"] and re.match(route, kind) for rule, route in KNOWN):
                self._say(kind, [f"{fault['id']}: {node['html'][:160]}" for node in fault["nodes"][:2]])
        self.page.emulate_media(color_scheme="light")

    def _press(self, kind: str) -> None:
        """Press what sends nothing and needs no device, twice, so that switches are as before; open what is folded."""
        if kind.startswith("admin/"):
            return
        for button in self.page.locator("button[type=button]:not([data-passkey-button]):enabled:visible").all():
            button.click()
            button.click()
        self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        self._look_at_width(f"{kind}, unfolded")
        self._say(kind, self.answers, self.person.faults)
        self.answers.clear()
        self.person.faults.clear()

    def _look_at_width(self, kind: str) -> None:
        wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            self._say(kind, [f"is {wider} px wider than the screen"])

    def _note_answer(self, status: int, address: str) -> None:
        if status >= 400:
            self.answers.append(f"{status} of {address}")

    def _say(self, kind: str, *lists: list[str]) -> None:
        place = f"{self.role} {self.language} {kind} [{self.page.url}]"
        self.findings.wrong += [f"{place}: {words}" for words in (one for words in lists for one in words)]


def english_rest(language: str, role: str) -> re.Pattern[str]:
    """Return what finds texts of ours that say something else in a language; friends are spoken to in their own words.

    A text with gaps counts where it has three words beside them, so that it is English for sure.
    """
    catalogue = polib.pofile(str(ROOT / f"locale/{language}/LC_MESSAGES/django.po")) if language != "en" else []
    said = {text for one in catalogue for text in (one.msgstr, *one.msgstr_plural.values())}
    texts = {one.msgid for one in catalogue if role == "friend" or not one.msgctxt} - said
    whole = [re.escape(text) for text in texts if not GAP.search(text)]
    gapped = [GAP.split(text) for text in texts if GAP.search(text)]
    gapped = [parts for parts in gapped if len(re.findall(r"[A-Za-z]{2,}", " ".join(parts))) >= 3]
    return re.compile("|".join(whole + [".+".join(map(re.escape, parts)) for parts in gapped]) or r"(?!)")
