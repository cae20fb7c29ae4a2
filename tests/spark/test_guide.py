"""The five steps in TikTok Ads Manager: labels verbatim, progress with who and when."""

import pytest

from greenroom.spark import asking, following, guide
from greenroom.spark.refusals import BadInput, NotPossible

from .conftest import BY, look, of

LABELS = [
    ["Asset", "Creative"],
    ["Spark Ads posts", "Apply for Authorization"],
    ["Search", "Confirm"],
    ["Ad Settings", "Ad Name", "Use TikTok account to deliver Spark Ads", "Use other authorized account or post"],
    ["Submit"],
]


def test_there_are_five_steps_with_the_labels_as_tiktok_has_them():
    assert [[part.text for part in step if part.label] for step in guide.STEPS] == LABELS


def test_ticks_are_kept_with_who_and_when_and_can_be_taken_back(published, hand, at):
    post = published()
    asking.request(post, days=30, by=BY, at=at)
    look(at)
    with pytest.raises(NotPossible):
        guide.tick(of(post), 1, by=BY, at=at)
    hand.answer(post)
    following.look_now(of(post), at=at)
    for step in (1, 2, 2, 5):
        guide.tick(of(post), step, by="member:7", at=at)
    guide.tick(of(post), 5, done=False, by=BY, at=at)
    lines = guide.progress(of(post))
    assert [(one.number, one.done) for one in lines] == [(1, True), (2, True), (3, False), (4, False), (5, False)]
    assert (lines[0].by, lines[0].at) == ("member:7", at)
    for step in (0, 6):
        with pytest.raises(BadInput):
            guide.tick(of(post), step, by=BY, at=at)
    assert not any(one.done for one in guide.progress(None))
