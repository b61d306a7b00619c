"""What a check needs for a quick look is known by its method alone."""

from karat.core.record_cells import QuickLook


class Quick:
    """Has the method, and nothing else."""

    def doubts(self, state, schema):
        return None


def test_a_check_with_doubts_has_a_quick_look_and_another_has_none():
    assert isinstance(Quick(), QuickLook)
    assert not isinstance(object(), QuickLook)
