"""Operators make, change and end contracts, and read the audit log of crossings (issue 4 point 6; R17, R2)."""

import csv
from datetime import timedelta

import pytest
from django.test import Client

from dispatch.models import Crossing, OverflowContract
from kernel.clock import now
from tenants.models import Tenant
from tests.cast import book, register_friend
from tests.console.test_operators import operator_client  # noqa: F401  # a fixture
from tests.overflow import agree, next_wave
from tests.pages import assert_valid_html

NEW = "/en/operators/contracts/new/"
