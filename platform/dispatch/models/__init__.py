"""The tables of dispatch. Everything here lives in the public schema."""

from dispatch.models.disruptions import ContactAttempt, Owed
from dispatch.models.explanations import Considered, DecisionReview, Wave
from dispatch.models.jobs import Deadline, Job, JobEvent
from dispatch.models.offers import JobQuestion, Offer, ProposedTime
from dispatch.models.overflow import Crossing, OverflowContract

__all__ = [
    "Considered",
    "ContactAttempt",
    "Crossing",
    "Deadline",
    "DecisionReview",
    "Job",
    "JobEvent",
    "JobQuestion",
    "Offer",
    "OverflowContract",
    "Owed",
    "ProposedTime",
    "Wave",
]
