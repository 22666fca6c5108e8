"""Stages without a database."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reports.progress import ModuleWork, Stage, Work, stage_of

module_work = st.builds(
    ModuleWork,
    is_complete=st.booleans(),
    quizzes_left=st.integers(0, 2),
    others_left=st.integers(0, 6),
)
works = st.builds(
    Work,
    modules=st.lists(module_work, max_size=6),
    has_begun=st.booleans(),
    is_taken=st.booleans(),
    is_complete=st.booleans(),
    is_stuck=st.booleans(),
)

READ = ModuleWork(is_complete=False, quizzes_left=1)
UNREAD = ModuleWork(is_complete=False, quizzes_left=1, others_left=3)
DONE = ModuleWork(is_complete=True)
BEGUN = Work(modules=[UNREAD], has_begun=True, is_taken=True)


class TestStage:
    def test_is_in_progress_while_something_is_left_to_read(self):
        assert stage_of(replace(BEGUN, modules=[READ, UNREAD])) == Stage.IN_PROGRESS

    def test_awaits_the_quiz_once_everything_is_read(self):
        assert stage_of(replace(BEGUN, modules=[DONE, READ])) == Stage.AWAITING_QUIZ

    def test_what_is_left_of_a_complete_module_does_not_matter(self):
        grown = ModuleWork(is_complete=True, others_left=2)
        assert stage_of(replace(BEGUN, modules=[grown, READ])) == Stage.AWAITING_QUIZ

    def test_is_stuck_even_with_other_things_to_read(self):
        assert stage_of(replace(BEGUN, is_stuck=True)) == Stage.STUCK

    def test_is_not_started_without_any_evidence(self):
        assert stage_of(replace(BEGUN, has_begun=False)) == Stage.NOT_STARTED

    def test_is_overdue_once_nothing_is_taken_any_more(self):
        assert stage_of(replace(BEGUN, is_taken=False, is_stuck=True)) == Stage.OVERDUE

    def test_of_whom_nothing_is_required_is_never_overdue(self):
        assert stage_of(replace(BEGUN, modules=[], is_taken=False)) == Stage.NOTHING_DUE

    @given(works)
    def test_complete_stays_complete_whatever_changed_since(self, work):
        assert stage_of(replace(work, is_complete=True)) == Stage.COMPLETE

    @given(works)
    def test_the_order_of_modules_does_not_matter(self, work):
        assert stage_of(replace(work, modules=list(reversed(work.modules)))) == stage_of(work)
