"""A request sent twice is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from greenroom.keys import answers
from greenroom.keys.models import KeptAnswer

ASKED = {"caller": "key:1", "key": "abc", "fingerprint": "f1"}


def answered(workspace, at, **given):
    row = answers.begin(workspace, **{**ASKED, **given}, at=at)
    answers.keep(row, status=201, content_type="application/json", content='{"id":"1"}')


def test_the_first_answers_and_the_next_gets_its_answer(acme, at):
    assert answers.begin(acme.workspace, **ASKED, at=at).status is None
    KeptAnswer.objects.all().delete()
    answered(acme.workspace, at)
    again = answers.begin(acme.workspace, **ASKED, at=at)
    assert (again.status, again.content) == (201, '{"id":"1"}')


def test_another_question_under_the_same_key_is_refused(acme, at):
    answered(acme.workspace, at)
    with pytest.raises(answers.AnotherQuestion):
        answers.begin(acme.workspace, **{**ASKED, "fingerprint": "f2"}, at=at)


@pytest.mark.parametrize("other", [{"caller": "key:2"}, {"key": "abd"}])
def test_another_caller_or_key_is_another_request(acme, at, other):
    answered(acme.workspace, at)
    assert answers.begin(acme.workspace, **{**ASKED, **other}, at=at).status is None


def test_another_workspace_is_another_request(acme, at):
    answered(acme.workspace, at)
    assert answers.begin(acme.rival, **ASKED, at=at).status is None


def test_while_the_first_is_under_way_the_next_waits(acme, at):
    answers.begin(acme.workspace, **ASKED, at=at)
    with pytest.raises(answers.UnderWay):
        answers.begin(acme.workspace, **ASKED, at=at + timedelta(seconds=30))
    later = at + answers.ABANDONED
    assert answers.begin(acme.workspace, **ASKED, at=later).status is None
    with pytest.raises(answers.UnderWay):
        answers.begin(acme.workspace, **ASKED, at=later)


def test_what_was_dropped_may_be_tried_again(acme, at):
    answers.drop(answers.begin(acme.workspace, **ASKED, at=at))
    assert answers.begin(acme.workspace, **{**ASKED, "fingerprint": "f2"}, at=at).status is None


def test_answers_are_kept_for_a_day_and_swept(acme, at):
    answered(acme.workspace, at)
    answers.begin(acme.workspace, **{**ASKED, "key": "other"}, at=at + timedelta(hours=24, seconds=1))
    assert [row.key for row in KeptAnswer.objects.all()] == ["other"]


def test_an_answer_is_encrypted_at_rest(acme, at):
    answered(acme.workspace, at)
    with connection.cursor() as cursor:
        cursor.execute("select content from keys_keptanswer")
        assert "id" not in cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_answers(acme, at):
    def ask(_):
        try:
            return answers.begin(acme.workspace, **ASKED, at=at).status is None
        except answers.UnderWay:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(16))) == 1
