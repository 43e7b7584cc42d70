"""What can go wrong with friends."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from kernel.errors import DomainError, FieldsNotRight


class TooManyOpenJobs(DomainError):
    """The friend has as many open jobs as they allow."""

    message = pgettext_lazy("friend", "You have reached your limit of open jobs. Finish one first.")
    code = "too_many_open_jobs"


class UnderAge(DomainError):
    """Friends are of full age (R9)."""

    message = pgettext_lazy("friend", "You must be at least 18 years old.")
    code, status = "under_age", 422


class BornInFuture(DomainError):
    """The date of birth lies ahead."""

    message = pgettext_lazy("friend", "This date lies in the future. Please check your date of birth.")
    code, status = "born_in_future", 422


class BornTooLongAgo(DomainError):
    """Nobody lives for so long: the year is mistyped."""

    message = pgettext_lazy("friend", "Please check the year of your date of birth.")
    code, status = "born_too_long_ago", 422


class TooFarAhead(DomainError):
    """The day lies more than ten years ahead: the year is mistyped."""

    message = pgettext_lazy("friend", "Please choose a day within the next ten years.")
    code, status = "too_far_ahead", 422


class RadiusOutOfRange(DomainError):
    """Jobs are local: a travel radius is 1 to 100 km (R11)."""

    message = pgettext_lazy("friend", "Please choose a travel radius of 1 to 100 km. Jobs are always near you.")
    code, status = "radius_out_of_range", 422


class JobLimitOutOfRange(DomainError):
    """Limit: 1 to 20 jobs at once."""

    message = pgettext_lazy("friend", "Please choose 1 to 20 open jobs.")
    code, status = "job_limit_out_of_range", 422


class LimitBelowOpenJobs(DomainError):
    """The friend has more open jobs than they want to allow."""

    message = pgettext_lazy("friend", "You have more open jobs than that. Finish some of them first.")
    code, status = "limit_below_open_jobs", 422


class NotADocument(DomainError):
    """The file is neither a PDF nor a picture, whatever its name says."""

    message = pgettext_lazy("friend", "We cannot read this file. Please choose a PDF, a JPEG or a PNG.")
    code, status = "not_a_document", 422


class NotAPortrait(DomainError):
    """The file is no photo that we can show, whatever its name says."""

    message = pgettext_lazy("friend", "We cannot read this photo. Please choose a JPEG, PNG or WebP.")
    code, status = "not_a_portrait", 422


class PictureHasTooManyPixels(DomainError):
    """The picture would take too much memory, however small its file is."""

    message = pgettext_lazy("friend", "This picture has too many pixels. Please choose one of at most 25 megapixels.")
    code, status = "too_many_pixels", 422


class DocumentTooLarge(DomainError):
    """The file is larger than we take."""

    message = pgettext_lazy("friend", "This file is too large. Please choose one of at most 10 MB.")
    code, status = "document_too_large", 422


class AgeIsChecked(DomainError):
    """Nothing is asked for twice."""

    message = pgettext_lazy("friend", "Your age has already been checked. You do not need to send anything.")
    code = "age_is_checked"


class NoSuchDocument(DomainError):
    """There is no such document for whoever asks."""

    message = _("There is no such document here.")
    code, status = "no_such_document", 404


class AlreadyDecided(DomainError):
    """Somebody has decided about this document before."""

    message = _("Somebody has already decided about this document.")
    code = "already_decided"


class ReasonIsMissing(DomainError):
    """Who is refused is told why."""

    message = _("Please write the reason; the friend reads it.")
    code, status = "reason_is_missing", 422


class ExceptionEndsBeforeItStarts(DomainError):
    """The last day lies before the first."""

    message = pgettext_lazy("friend", "The last day is before the first day.")
    code, status = "exception_ends_before_it_starts", 422


class ExceptionIsOver(DomainError):
    """The days are over."""

    message = pgettext_lazy("friend", "These days are over. Please choose days from today on.")
    code, status = "exception_is_over", 422


class ExceptionsOverlap(DomainError):
    """Two exceptions for one day would contradict each other."""

    message = pgettext_lazy("friend", "You have an exception for some of these days already. Remove it first.")
    code, status = "exceptions_overlap", 422


class PauseIsOver(DomainError):
    """The pause would end before it begins."""

    message = pgettext_lazy("friend", "Please choose a day from today on, within a year.")
    code, status = "pause_is_over", 422


class SellerDetailsAreMissing(DomainError):
    """Papers in a friend's name need name and address."""

    message = pgettext_lazy("friend", "Your invoices need your name and your whole address.")
    code, status = "seller_details_are_missing", 422


class VatIdIsMissing(DomainError):
    """Who is no small business charges VAT, and the invoice names their number."""

    message = pgettext_lazy(
        "friend", "Please enter your VAT number, or tell us that you're a small business without VAT."
    )
    code, status = "vat_id_is_missing", 422


class NotAVatId(DomainError):
    """Form or check digit are wrong."""

    message = pgettext_lazy("friend", "This is not a valid VAT number for that country. Please check every digit.")
    code, status = "not_a_vat_id", 422


class VatIdIsUnknown(DomainError):
    """The register has no such number."""

    message = pgettext_lazy("friend", "The official register does not know this VAT number. Please check it.")
    code, status = "vat_id_is_unknown", 422


class VatIdIsTaken(DomainError):
    """A company is one pro."""

    message = pgettext_lazy("friend", "Another account has this VAT number. Please write to us if it is yours.")
    code, status = "vat_id_is_taken", 422


class InsuranceIsOver(DomainError):
    """A pro is insured."""

    message = pgettext_lazy("friend", "The insurance must run beyond today.")
    code, status = "insurance_is_over", 422


class ProsAreNotEnabled(DomainError):
    """Pros are enabled country by country (R10)."""

    message = _("Pros are not available in this country yet.")
    code, status = "pros_are_not_enabled", 422


class NoProYet(DomainError):
    """Who is no pro has nothing to renew."""

    message = pgettext_lazy("friend", "You have not asked to be a pro yet.")
    code, status = "no_pro_yet", 404


class AlreadyAPro(DomainError):
    """The company is approved."""

    message = pgettext_lazy("friend", "You are a pro already. Write to us if something about your company changes.")
    code = "already_a_pro"


class NoWayBack(DomainError):
    """The partner does not want to work with the friend."""

    message = pgettext_lazy("friend", "You cannot join this community.")
    code, status = "no_way_back", 403


class UnableToCertify(FieldsNotRight):
    """A certificate cannot be given or taken so; ``fields`` says what is wrong, by field."""

    code = "certificate_not_right"


class UnableToKeepTest(FieldsNotRight):
    """An online test or one of its questions cannot be kept so; ``fields`` says what is wrong, by field."""

    code = "online_test_not_right"


class NotReadyToPublish(DomainError):
    """An online test is not complete; ``faults`` says in words what is missing."""

    code, status = "online_test_not_ready", 422

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = list(faults)


class MayNotStartYet(DomainError):
    """A failed test can be tried again after a while, from ``since`` on."""

    code = "retry_too_early"

    def __init__(self, since: datetime) -> None:
        super().__init__(pgettext("friend", "You can try this test again once the waiting time is over."))
        self.since = since


class NothingToProve(DomainError):
    """The friend has what passing the test would give."""

    message = pgettext_lazy("friend", "You have passed this test already.")
    code = "test_passed_already"


class ReplyClosed(DomainError):
    """A rating has one reply, which can be changed for a day."""

    message = pgettext_lazy("friend", "You have one reply, and you can change it for 24 hours.")
    code = "reply_closed"
