"""The tables of the crowd. Everything here lives in the public schema."""

from crowd.models.availability import AvailabilityException
from crowd.models.candidates import Candidate
from crowd.models.certificates import Certificate, CertificateEvent
from crowd.models.friends import SHARED_CROWD, SHOWN_TO_PARTNERS, Block, DocumentCheck, Friend, Membership
from crowd.models.online_tests import Attempt, OnlineTest, PoolQuestion
from crowd.models.pros import Pro, ProCountry
from crowd.models.ratings import Rating
from crowd.models.selling import FormerSellerProfile, SellerDetails, SellerProfile

__all__ = [
    "SHARED_CROWD",
    "SHOWN_TO_PARTNERS",
    "Attempt",
    "AvailabilityException",
    "Block",
    "Candidate",
    "Certificate",
    "CertificateEvent",
    "DocumentCheck",
    "FormerSellerProfile",
    "Friend",
    "Membership",
    "OnlineTest",
    "PoolQuestion",
    "Pro",
    "ProCountry",
    "Rating",
    "SellerDetails",
    "SellerProfile",
]
