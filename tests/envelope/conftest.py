"""The Envelope of the accelerator as it was built: compute on fabric on a silicon interposer, memory beside."""

import pytest
from tests.assessment.example import STACKED, assessed, case

from packfirst.assess import Assessment
from packfirst.disciplines.case import Case
from packfirst.disciplines.thermal.response import Response, response
from packfirst.envelope.envelope import Envelope, envelope


@pytest.fixture(scope="session")
def built() -> Case:
    return case(STACKED)


@pytest.fixture(scope="session")
def assessment() -> Assessment:
    return assessed(STACKED)


@pytest.fixture(scope="session")
def answer(built: Case) -> Response:
    return response(built, "plan")


@pytest.fixture(scope="session")
def found(built: Case, assessment: Assessment) -> Envelope:
    return envelope(built, assessment)
