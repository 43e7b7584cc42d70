"""Partners, their domains, rates and settings, the ways in from outside, and what is done to them."""

from tenants.models.access import Handover, HandoverPurpose, SupportAccess
from tenants.models.commissions import COMMISSION_KEY, Commission, Route, _Days
from tenants.models.kinds import PUBLIC, Feature, LastResort, OnSite, TenantState, all_features, usual_reminders
from tenants.models.operations import Operation, OperationKind, OperationState, Template
from tenants.models.partners import Domain, SettingsChange, Tenant

__all__ = [
    "COMMISSION_KEY",
    "PUBLIC",
    "Commission",
    "Domain",
    "Feature",
    "Handover",
    "HandoverPurpose",
    "LastResort",
    "OnSite",
    "Operation",
    "OperationKind",
    "OperationState",
    "Route",
    "SettingsChange",
    "SupportAccess",
    "Template",
    "Tenant",
    "TenantState",
    "_Days",
    "all_features",
    "usual_reminders",
]
